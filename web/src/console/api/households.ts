/** The endpoints of a household's page. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { FieldChange, Household, Page } from './types'

const at = (household: string): string => `/api/console/v1/households/${encodeURIComponent(household)}`

export const householdApi = (client: Client) => ({
  household: (household: string) => client.get<Household>(at(household)),
  fieldHistory: (household: string, record: string, field: string, page: PageRequest) =>
    client.get<Page<FieldChange>>(`${at(household)}/history`, { record, field, ...page }),
  /** Shows a masked number in full; that it was read, and what for, is entered in the audit log. */
  revealField: (household: string, record: string, field: string, purpose: string) =>
    client.post<{ value: string }>(`${at(household)}/reveal`, { record, field, purpose }),
  householdPage: (household: string) => client.blob(`${at(household)}/page`),
})
