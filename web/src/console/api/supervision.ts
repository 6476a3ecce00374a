/** The endpoints of supervision. */
import type { Client, Query } from './client'
import type { PageRequest } from './console'
import type { Correction, Declaration, Funds, Page, Relative, Replay, Sample, SupervisionOptions, Values } from './types'

const CONSOLE = '/api/console/v1'
const id = encodeURIComponent

export const supervisionApi = (client: Client) => ({
  supervisionOptions: () => client.get<SupervisionOptions>(`${CONSOLE}/supervision/options`),
  relatives: (state: string, page: PageRequest) => client.get<Page<Relative>>(`${CONSOLE}/staff-relatives`, { state, ...page }),
  declareRelative: (body: Values) => client.post<Relative>(`${CONSOLE}/staff-relatives`, body),
  endRelative: (relative: string, reason: string) => client.post<Relative>(`${CONSOLE}/staff-relatives/${id(relative)}/end`, { reason }),
  declarations: (page: PageRequest) => client.get<Page<Declaration>>(`${CONSOLE}/declarations`, { ...page }),
  declaration: (declaration: string) => client.get<Declaration>(`${CONSOLE}/declarations/${id(declaration)}`),
  enterDeclaration: (body: Values) => client.post<Declaration>(`${CONSOLE}/declarations`, body),
  findDeclaration: (declaration: string, body: Values) => client.post<Declaration>(`${CONSOLE}/declarations/${id(declaration)}/findings`, body),
  corrections: (page: PageRequest) => client.get<Page<Correction>>(`${CONSOLE}/corrections`, { ...page }),
  correction: (correction: string) => client.get<Correction>(`${CONSOLE}/corrections/${id(correction)}`),
  enterCorrection: (body: Values) => client.post<Correction>(`${CONSOLE}/corrections`, body),
  ruleCorrection: (correction: string, body: Values) => client.post<Correction>(`${CONSOLE}/corrections/${id(correction)}/rulings`, body),
  samples: (page: PageRequest) => client.get<Page<Sample>>(`${CONSOLE}/inspections`, { ...page }),
  sample: (sample: string) => client.get<Sample>(`${CONSOLE}/inspections/${id(sample)}`),
  drawSample: (body: Values) => client.post<Sample>(`${CONSOLE}/inspections`, body),
  replaySample: (sample: string) => client.get<Replay>(`${CONSOLE}/inspections/${id(sample)}/replay`),
  inspect: (sample: string, body: Values) => client.post<Sample>(`${CONSOLE}/inspections/${id(sample)}/results`, body),
  funds: (query: Query) => client.get<Funds>(`${CONSOLE}/funds`, query),
})
