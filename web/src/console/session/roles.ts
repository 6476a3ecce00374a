/** Which roles have a console, and what each may do there. */
import { SCREENS, type Screen } from '../screens'

export interface Desk {
  screens: readonly Screen[]
  /** May decide: accept, return, resolve, release, revoke. */
  decides: boolean
}

/** Reads everything of the county and decides nothing. */
const READERS: readonly string[] = ['auditor']

export const FIELD_ROLES: readonly string[] = ['worker', 'social']

export function deskOf(role: string | undefined): Desk | null {
  const screens = SCREENS.filter((row) => role !== undefined && row.roles.includes(role)).map((row) => row.name)
  return screens.length > 0 ? { screens, decides: !READERS.includes(role!) } : null
}
