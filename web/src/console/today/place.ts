/** Where a line of the day is opened. */
import type { RouteLocationRaw } from 'vue-router'
import type { Todo } from '../api/types'
import { inAddress } from '../lists/queues'
import { placeOf } from '../warnings/queue'

const file = (name: string, item: Todo): RouteLocationRaw => ({ name, params: { queue: '', file: item.id } })

const PLACES: Record<Todo['kind'], (item: Todo) => RouteLocationRaw> = {
  warning: (item) => placeOf(item.id, item.state),
  case: (item) => ({ name: 'cases', params: { state: '', case: item.id } }),
  referral: (item) => ({ name: 'referrals', params: { queue: inAddress(item.state), referral: item.id } }),
  handover: (item) => ({ name: 'handovers', params: { queue: 'in', file: item.id } }),
  held: (item) => ({ name: 'ops', params: { outcome: item.state, op: item.id } }),
  review: (item) => ({ name: 'reviews', params: { op: item.id } }),
  application: (item) => ({ name: 'applications', params: { queue: '', application: item.id } }),
  urgent: (item) => file('urgent', item),
  lead: (item) => file('leads', item),
  order: (item) => file('orders', item),
  charity: (item) => file('charity', item),
  contract: (item) => file('contracts', item),
  deliberation: (item) => (item.state === 'deliberated' ? placeOf(item.id, item.state) : file('deliberations', item)),
  task: (item) => ({ name: 'household', params: { household: item.household }, hash: '#tasks' }),
}

export const placeOfTodo = (item: Todo): RouteLocationRaw => PLACES[item.kind](item)
