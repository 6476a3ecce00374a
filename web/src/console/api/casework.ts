/** The endpoints of offices' files: each kind is listed, read, made and taken on in one way. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { CharityNeed, CharityOffer, CharityOptions, Contract, ContractOptions, Lead, LeadOptions, OrderCount, OrderOptions, Page, Suggestion, UrgentAid, UrgentOptions, Values, VisitOrder } from './types'

const CONSOLE = '/api/console/v1'
const id = encodeURIComponent

function files<T>(client: Client, path: string) {
  const at = `${CONSOLE}/${path}`
  return {
    list: (state: string, page: PageRequest & { household?: string }) => client.get<Page<T>>(at, { state, ...page }),
    show: (file: string) => client.get<T>(`${at}/${id(file)}`),
    make: (body: Values) => client.post<T>(at, body),
    take: (file: string, body: Values) => client.post<T>(`${at}/${id(file)}/take`, body),
  }
}

export const caseworkApi = (client: Client) => ({
  leads: files<Lead>(client, 'leads'),
  leadOptions: () => client.get<LeadOptions>(`${CONSOLE}/leads/options`),
  urgentAid: files<UrgentAid>(client, 'urgent-aid'),
  urgentOptions: () => client.get<UrgentOptions>(`${CONSOLE}/urgent-aid/options`),
  offers: files<CharityOffer>(client, 'charity/offers'),
  needs: files<CharityNeed>(client, 'charity/needs'),
  charityOptions: () => client.get<CharityOptions>(`${CONSOLE}/charity/options`),
  orders: files<VisitOrder>(client, 'visit-orders'),
  orderOptions: () => client.get<OrderOptions>(`${CONSOLE}/visit-orders/options`),
  countOrder: (body: Values) => client.post<OrderCount>(`${CONSOLE}/visit-orders`, { ...body, dry: true }),
  withdrawOrder: (order: string, body: Values) => client.post<VisitOrder>(`${CONSOLE}/visit-orders/${id(order)}/withdraw`, body),
  suggestedVisits: (area: string) => client.get<{ on: boolean; items: Suggestion[] }>(`${CONSOLE}/visits/suggested`, { area, limit: 300 }),
  contracts: files<Contract>(client, 'contracts'),
  contractOptions: () => client.get<ContractOptions>(`${CONSOLE}/contracts/options`),
})
