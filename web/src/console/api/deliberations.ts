/** The endpoints of 一事一议. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { Deliberation, DeliberationOptions, Page, Values } from './types'

const AT = '/api/console/v1/deliberations'
const at = (meeting: string): string => `${AT}/${encodeURIComponent(meeting)}`

export const deliberationApi = (client: Client) => ({
  deliberations: (state: string, page: PageRequest) => client.get<Page<Deliberation>>(AT, { state, ...page }),
  deliberation: (meeting: string) => client.get<Deliberation>(at(meeting)),
  deliberationOptions: () => client.get<DeliberationOptions>(`${AT}/options`),
  deliberationPage: (meeting: string) => client.blob(`${at(meeting)}/page`),
  enterDeliberation: (body: Values) => client.post<Deliberation>(AT, body),
  signDeliberation: (meeting: string, attendee: string, digest: string) => client.post<Deliberation>(`${at(meeting)}/sign`, { attendee, digest }),
  voidDeliberation: (meeting: string, reason: string) => client.post<Deliberation>(`${at(meeting)}/void`, { reason }),
  supplementDeliberation: (meeting: string, text: string) => client.post<Deliberation>(`${at(meeting)}/supplements`, { text }),
})
