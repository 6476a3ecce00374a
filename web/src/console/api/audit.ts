/** 审计: the log, and its check. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { AuditGroup, AuditLine, AuditQuestion, ChainReport, Page } from './types'

const AUDIT = '/api/console/v1/audit'

export const auditApi = (client: Client) => ({
  auditLines: (question: AuditQuestion, page: PageRequest) => client.get<Page<AuditLine>>(AUDIT, { ...question, ...page }),
  auditOptions: () => client.get<{ groups: AuditGroup[] }>(`${AUDIT}/options`),
  checkChain: () => client.post<ChainReport>(`${AUDIT}/check`),
})
