/** Which roles have a console, and what each may do there. The server decides; this keeps the screen honest about it. */
export type Screen = 'reviews' | 'cases' | 'warnings' | 'ops' | 'households' | 'complaints' | 'devices'

export interface Desk {
  screens: readonly Screen[]
  /** May decide: accept, return, resolve, release, revoke. */
  decides: boolean
}

const ALL: readonly Screen[] = ['reviews', 'cases', 'warnings', 'ops', 'households', 'complaints', 'devices']

const DESKS: ReadonlyMap<string, Desk> = new Map<string, Desk>([
  ['town', { screens: ALL, decides: true }],
  ['county', { screens: ALL, decides: true }],
  ['auditor', { screens: ALL, decides: false }],
  // Sees no household content.
  ['admin', { screens: ['devices'], decides: true }],
])

export const FIELD_ROLES: readonly string[] = ['worker', 'social']

export function deskOf(role: string | undefined): Desk | null {
  return (role !== undefined && DESKS.get(role)) || null
}
