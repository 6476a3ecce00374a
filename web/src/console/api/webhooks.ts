/** 部门系统对接: targets, keys, the delivery log. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { Page, WebhookMessage, WebhookTarget } from './types'

const WEBHOOKS = '/api/console/v1/webhooks'
const id = encodeURIComponent

export const webhookApi = (client: Client) => ({
  webhookTargets: () => client.get<Page<WebhookTarget> & { departments: string[] }>(WEBHOOKS),
  webhookMessages: (query: { department?: string; state?: string }, page: PageRequest) => client.get<Page<WebhookMessage>>(`${WEBHOOKS}/messages`, { ...query, ...page }),
  replayMessage: (message: string) => client.post<unknown>(`${WEBHOOKS}/messages/${id(message)}/replay`),
  setTarget: (department: string, target: { url: string; enabled: boolean }) => client.post<{ key?: string }>(`${WEBHOOKS}/${id(department)}`, target),
  rotateKey: (department: string) => client.post<{ key: string }>(`${WEBHOOKS}/${id(department)}/rotate`),
  retireKey: (department: string) => client.post<unknown>(`${WEBHOOKS}/${id(department)}/retire`),
})
