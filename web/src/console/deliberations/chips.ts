/** How the state of minutes is coloured, and in which queue they are found. */
import type { Deliberation } from '../api/types'

const STATES: Readonly<Record<string, string>> = { signing: 'chip-orange', signed: 'chip-green' }
export const meetingChip = (state: string): string => STATES[state] ?? ''

export const QUEUES = ['open', 'signed', 'closed'] as const
export const holdsMeeting = (queue: string, meeting: Deliberation): boolean =>
  queue === 'open' ? meeting.state === 'signing' : queue === 'signed' ? meeting.state === 'signed' : meeting.state !== 'signing'
