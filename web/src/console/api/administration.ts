/** Divisions, accounts, first loads. */
import { withQuery, type Client } from './client'
import type { PageRequest } from './console'
import type { AccountItem, AccountOptions, AccountOrder, LoadReport, Page, RegionChange, RegionItem, RegionOrder, Slip } from './types'

const CONSOLE = '/api/console/v1'
const id = encodeURIComponent

export const administrationApi = (client: Client) => ({
  regions: () => client.get<Page<RegionItem>>(`${CONSOLE}/regions`),
  regionHistory: (code: string) => client.get<Page<RegionChange>>(`${CONSOLE}/regions/${id(code)}/history`),
  changeRegion: (order: RegionOrder) => client.post<unknown>(`${CONSOLE}/regions`, order),

  accounts: (page: PageRequest & { q?: string; role?: string; area?: string }) => client.get<Page<AccountItem>>(`${CONSOLE}/accounts`, { ...page }),
  accountOptions: () => client.get<AccountOptions>(`${CONSOLE}/accounts/options`),
  setAccount: (order: AccountOrder) => client.post<{ slip: Slip | null }>(`${CONSOLE}/accounts`, order),
  resetAccount: (account: string) => client.post<{ slip: Slip }>(`${CONSOLE}/accounts/${id(account)}/slip`),
  printSlips: (area: string) => client.post<{ items: Slip[] }>(`${CONSOLE}/accounts/slips`, { area }),
  handOver: (account: string, order: { to: string; area: string; keeps: boolean; reason: string }) => client.post<unknown>(`${CONSOLE}/accounts/${id(account)}/handover`, order),

  exportRecords: (type: string, format: 'xlsx' | 'csv', since: string) => client.blob(withQuery(`${CONSOLE}/exports/${id(type)}`, { format, since })),

  load: (kind: string, file: File, asked: { dry?: boolean; skip?: boolean }) =>
    client.upload<LoadReport>(`${CONSOLE}/loads/${id(kind)}`, { file: file.name, dry: asked.dry ? 1 : undefined, skip: asked.skip ? 1 : undefined }, file),
})
