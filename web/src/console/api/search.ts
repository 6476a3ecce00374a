/** Finding households, what is kept of it, and what waits for a desk. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { BlindNumber, HouseholdQuestion, HouseholdRow, Page, RegionRow, SavedView, TodoPage } from './types'

const CONSOLE = '/api/console/v1'

export const searchApi = (client: Client) => ({
  households: (question: HouseholdQuestion & PageRequest, signal?: AbortSignal) =>
    client.get<Page<HouseholdRow>>(`${CONSOLE}/households`, { ...question }, signal),
  /** The number itself goes into no address. */
  blindNumber: (number: string) => client.post<BlindNumber>(`${CONSOLE}/households/number`, { id_number: number }),
  places: () => client.get<Page<RegionRow>>(`${CONSOLE}/households/places`),
  todo: (page: PageRequest & { kind?: string }) => client.get<TodoPage>(`${CONSOLE}/todo`, { ...page }),
  savedViews: (screen: string) => client.get<Page<SavedView>>(`${CONSOLE}/saved-views`, { screen }),
  saveView: (view: Omit<SavedView, 'id'>) => client.post<SavedView>(`${CONSOLE}/saved-views`, view),
  dropView: (view: string) => client.post<unknown>(`${CONSOLE}/saved-views/${encodeURIComponent(view)}/drop`),
})
