// What has changed since somebody of the household was last met: help that came,
// categories, reports, warnings, people, figures that wait for the town. Pure.
import type { Entry } from '@/store/records'
import type { Values } from '@/sync/wire'
import type { HouseholdPage } from './household'
import { text } from './words'

export interface Change {
  /** Key under `household.since_kind`. */
  key: string
  type: string
  record: Values
  day: string
  /** For a figure: which, and what it was. */
  field?: string
  before?: unknown
}

/** The last visit that met somebody, before today's. */
export function lastSeen(page: HouseholdPage): Entry | undefined {
  return page.visits.find((visit) => visit.record.outcome === 'met' && visit.pending === 0) ?? page.visits.find((visit) => visit.record.outcome === 'met')
}

export function changesSince(page: HouseholdPage, today: string): Change[] {
  const seen = text(lastSeen(page)?.record.visited_on)
  if (seen === '') return []
  const after = (entries: readonly Entry[], key: string, field: string): Change[] =>
    entries
      .map(({ type, record }) => ({ key, type, record, day: dayIn(record, field) }))
      .filter(({ day }) => day > seen && day <= today)
  const changes = [
    ...after(page.warnings, 'warning', 'created'),
    ...after(page.statusChanges, 'report', 'happened_on'),
    ...after(page.assistance.filter(({ record }) => record.state !== 'planned'), 'help', 'given_on'),
    ...after(page.categories, 'category', 'from'),
    ...unconfirmed(page.household),
    ...page.members.flatMap(unconfirmed),
  ]
  return changes.sort((a, b) => b.day.localeCompare(a.day))
}

const dayIn = (record: Values, field: string): string => text(record[field]).slice(0, 10)

/** Figures that a tablet changed and the town has not confirmed, with what they were. */
function unconfirmed({ type, record }: Entry): Change[] {
  const before = (record.unconfirmed as Values | null | undefined) ?? {}
  return Object.entries(before)
    .filter(([field]) => field !== '*' && field in record)
    .map(([field, value]) => ({ key: 'figure', type, record, day: dayIn(record, 'updated'), field, before: value }))
}
