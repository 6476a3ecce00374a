// How long records may be read here without the server having been heard. Pure.
import type { SyncState } from '@/store/meta'

const dayMillis = 24 * 3600 * 1000
export const leaseDays = 7
const leaseMillis = leaseDays * dayMillis

/**
 * Counted from the last contact. A clock that stands before it was set back, by a day
 * or more beyond what a wrong time zone explains: that does not prolong a lease.
 */
export function leaseOver({ lastSync }: Pick<SyncState, 'lastSync'>, now: number): boolean {
  if (lastSync === null) return false
  return now - lastSync > leaseMillis || now < lastSync - dayMillis
}
