/** Departments' lists: sources, batches, results. */
import type { Client, Query } from './client'
import type { PageRequest } from './console'
import type { Agreement, BadRow, Batch, Effects, FileLook, Mapping, Page, ResultItem, ResultView, Source } from './types'

const CONSOLE = '/api/console/v1'
const id = encodeURIComponent

export interface HandedIn {
  as_of: string
  period: string
  file: string
  mapping: Mapping
}

const asQuery = (mapping: Mapping | null): Query => (mapping ? { mapping: JSON.stringify(mapping) } : {})

export const listsApi = (client: Client) => ({
  sources: () => client.get<Page<Source>>(`${CONSOLE}/sources`),
  agreeSource: (source: string, agreement: Agreement) => client.put<Source>(`${CONSOLE}/sources/${id(source)}`, agreement),
  lookAtList: (source: string, file: Blob, mapping: Mapping | null) => client.upload<FileLook>(`${CONSOLE}/sources/${id(source)}/look`, asQuery(mapping), file),
  handInList: (source: string, file: Blob, said: HandedIn) =>
    client.upload<Batch>(`${CONSOLE}/sources/${id(source)}/batches`, { as_of: said.as_of, period: said.period, file: said.file, ...asQuery(said.mapping) }, file),

  batches: (page: PageRequest & { purpose: 'compare' | 'load'; source?: string }) => client.get<Page<Batch>>(`${CONSOLE}/batches`, { ...page }),
  batch: (batch: string) => client.get<Batch>(`${CONSOLE}/batches/${id(batch)}`),
  batchEffects: (batch: string) => client.get<Effects>(`${CONSOLE}/batches/${id(batch)}/effects`),
  badRows: (batch: string, page: PageRequest) => client.get<Page<BadRow>>(`${CONSOLE}/batches/${id(batch)}/bad-rows`, { ...page }),
  faultsFile: (batch: string) => client.blob(`${CONSOLE}/batches/${id(batch)}/faults`),
  withdrawBatch: (batch: string, reason: string) => client.post<Batch>(`${CONSOLE}/batches/${id(batch)}/withdraw`, { reason }),

  results: (page: PageRequest & { state: string; result?: string; batch?: string }) => client.get<Page<ResultItem>>(`${CONSOLE}/results`, { ...page }),
  result: (result: string) => client.get<ResultView>(`${CONSOLE}/results/${id(result)}`),
  decideResult: (result: string, decision: { choice: 'confirm' | 'dismiss'; member?: string; reason: string }) =>
    client.post<ResultItem>(`${CONSOLE}/results/${id(result)}/decide`, decision),
})
