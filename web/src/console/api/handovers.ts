/** The endpoints of households that go to other counties and come from them. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { Handover, HandoverOptions, Page, Travelling, Values } from './types'

const HANDOVERS = '/api/console/v1/handovers'
const id = encodeURIComponent

export const handoversApi = (client: Client) => ({
  handovers: {
    list: (state: string, page: PageRequest) => client.get<Page<Handover>>(HANDOVERS, { state, ...page }),
    show: (handover: string) => client.get<Handover>(`${HANDOVERS}/${id(handover)}`),
    make: (body: Values) => client.post<Handover>(HANDOVERS, body),
    take: (handover: string, act: string, body: Values) => client.post<Handover>(`${HANDOVERS}/${id(handover)}/${id(act)}`, body),
    preview: (household: string) => client.get<Travelling>(`/api/console/v1/households/${id(household)}/handover`),
    options: () => client.get<HandoverOptions>(`${HANDOVERS}/options`),
  },
})
