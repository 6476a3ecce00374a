/** The four queues of referrals as the server answers them, and how a state is coloured. */
export const QUEUES = ['open', 'overdue', 'returned', 'closed'] as const
export type Queue = (typeof QUEUES)[number]

export const queueOf = (parameter: unknown): Queue => QUEUES.find((each) => each === parameter) ?? 'open'

const CHIPS: Readonly<Record<string, string>> = {
  sent: 'chip-blue', received: 'chip-blue', overdue: 'chip-red', returned: 'chip-orange', answered: 'chip-green',
}

export const stateChip = (state: string): string => CHIPS[state] ?? ''

const HELD: Readonly<Record<string, string>> = { overdue: 'overdue', returned: 'returned', answered: 'closed', withdrawn: 'closed' }

/** The queue in which a referral of this state is found, as the address names it: the first one has no name. */
export const queueHolding = (state: string): string => HELD[state] ?? ''
