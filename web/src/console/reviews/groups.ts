/**
 * Puts the review queue in the order in which a reviewer should see it: what one
 * person brought from one household on one day belongs together (a visit), and
 * the most urgent visit comes first.
 */
import type { Device, Person, ReviewItem } from '../api/types'
import { dateOnly } from '../time/time'
import { byLevel, strongest, type Level } from '../warnings/level'

export interface ReviewGroup<T = ReviewItem> {
  key: string
  household: string
  headName: string
  regionName: string
  author: Person
  device?: Device
  /** Earliest device time of its items. */
  at: string
  level: Level
  items: T[]
}

export type LevelOf = (warning: unknown) => Level

export function itemLevel(item: ReviewItem, levelOf: LevelOf): Level {
  return strongest((item.warnings ?? []).map(levelOf))
}

export function groupKey(item: ReviewItem): string {
  return [item.household, item.author.id, item.device?.id ?? '', dateOnly(item.at)].join('/')
}

/** Groups `rows` by visit; `itemOf` finds the review in a row. Rows keep their order by `seq` within a group. */
export function groupReviews<T>(rows: readonly T[], itemOf: (row: T) => ReviewItem, levelOf: LevelOf): ReviewGroup<T>[] {
  const groups = new Map<string, ReviewGroup<T>>()
  for (const row of rows) {
    const item = itemOf(row)
    const key = groupKey(item)
    const level = itemLevel(item, levelOf)
    const group = groups.get(key)
    if (!group) {
      groups.set(key, {
        key, household: item.household, headName: item.head_name ?? '', regionName: item.region_name ?? '',
        author: item.author, device: item.device, at: item.at, level, items: [row],
      })
      continue
    }
    group.items.push(row)
    group.level = strongest([group.level, level])
    if (item.at < group.at) group.at = item.at
  }
  const sorted = [...groups.values()]
  for (const group of sorted) group.items.sort((a, b) => itemOf(a).seq - itemOf(b).seq)
  return sorted.sort((a, b) => byUrgency(a, b, itemOf))
}

/** Level first; within a level, what has waited longest. */
function byUrgency<T>(a: ReviewGroup<T>, b: ReviewGroup<T>, itemOf: (row: T) => ReviewItem): number {
  return byLevel(a.level, b.level) || itemOf(a.items[0]!).seq - itemOf(b.items[0]!).seq
}
