import { inAddress } from '../lists/queues'

/** The three lists of warnings as the server answers them: to be acted on, with somebody else, over. */
export const QUEUES = ['open', 'away', 'closed'] as const
export type Queue = (typeof QUEUES)[number]

const HELD: Readonly<Record<string, Queue>> = {
  referred: 'away', deliberated: 'away', delivered: 'closed', ended: 'closed', no_help: 'closed', unconfirmed: 'closed',
}

/** Where a warning of this state is found. */
export const placeOf = (warning: string, state: string) => ({ name: 'warnings', params: { state: inAddress(HELD[state] ?? 'open'), warning } })
