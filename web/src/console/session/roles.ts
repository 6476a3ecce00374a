/** Which roles have a console, and what each may do there. The server decides; this keeps the screen honest about it. */
export type Screen = 'reviews' | 'cases' | 'warnings' | 'ops' | 'households' | 'applications' | 'referrals' | 'complaints' | 'devices' | 'inbox' | 'inquiry'

export interface Desk {
  screens: readonly Screen[]
  /** May decide: accept, return, resolve, release, revoke. */
  decides: boolean
}

const ALL: readonly Screen[] = ['reviews', 'cases', 'warnings', 'ops', 'households', 'applications', 'referrals', 'complaints', 'devices']

const DESKS: ReadonlyMap<string, Desk> = new Map<string, Desk>([
  ['town', { screens: ALL, decides: true }],
  ['county', { screens: ALL, decides: true }],
  ['auditor', { screens: ALL, decides: false }],
  // Sees what is asked of it, and of a person the columns of the purpose.
  ['department', { screens: ['inbox', 'inquiry'], decides: true }],
  // Sees no household content.
  ['admin', { screens: ['devices'], decides: true }],
])

export const FIELD_ROLES: readonly string[] = ['worker', 'social']

export function deskOf(role: string | undefined): Desk | null {
  return (role !== undefined && DESKS.get(role)) || null
}
