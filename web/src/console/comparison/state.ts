/** How batches and results are shown: chips, and the queues of results. */
import type { Batch, ResultItem } from '../api/types'

export const BATCH_CHIPS: Record<Batch['state'], string> = {
  loading: 'chip-blue', done: 'chip-green', failed: 'chip-red', withdrawing: 'chip-orange', withdrawn: '',
}

/** Still going on: worth asking again. */
export const isMoving = (state: Batch['state']): boolean => state === 'loading' || state === 'withdrawing'

/** The classes of 三(三), the gravest first, and how each is coloured. */
export const CLASSES = ['dead_paid', 'duplicate', 'not_helped', 'not_delivered', 'ineligible', 'identity', 'nothing'] as const
export const CLASS_CHIPS: Record<string, string> = {
  dead_paid: 'chip-red', duplicate: 'chip-orange', not_helped: 'chip-orange', not_delivered: 'chip-orange', ineligible: 'chip-yellow', identity: 'chip-blue', nothing: '',
}

export const RESULT_QUEUES = ['open', 'standing', 'dismissed'] as const
export type ResultQueue = (typeof RESULT_QUEUES)[number]
export const resultQueueOf = (name: unknown): ResultQueue => RESULT_QUEUES.find((each) => each === name) ?? 'open'
/** What the server calls a queue's results. */
export const stateOfQueue: Record<ResultQueue, string> = { open: 'to_confirm', standing: 'standing', dismissed: 'dismissed' }

/** Whom a result is about: while that is in doubt whom the list names, then the member of the register. */
export const whoOf = (item: ResultItem): string =>
  (item.state === 'to_confirm' ? item.person?.name : '') || item.member_name || item.person?.name || item.head_name
