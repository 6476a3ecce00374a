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

/** Groups `rows` by visit; `itemOf` finds the review in a row. Within a group the most urgent comes first, then by `seq`. */
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
  const levelIn = (row: T) => itemLevel(itemOf(row), levelOf)
  for (const group of sorted) group.items.sort((a, b) => byLevel(levelIn(a), levelIn(b)) || itemOf(a).seq - itemOf(b).seq)
  return sorted
}

/** A visit of which nothing changed stays the same object: a list of thousands draws only what did. */
export function keptGroups<T>(before: readonly ReviewGroup<T>[], now: readonly ReviewGroup<T>[]): ReviewGroup<T>[] {
  const known = new Map(before.map((group) => [group.key, group]))
  return now.map((group) => {
    const old = known.get(group.key)
    const same = old && old.level === group.level && old.at === group.at && old.items.length === group.items.length && old.items.every((item, at) => item === group.items[at])
    return same ? old : group
  })
}

interface Rank {
  level: Level
  seq: number
}

/**
 * The order of visits: level first; within a level, what has waited longest. It
 * remembers where a visit stood, so that deciding its most urgent change does
 * not move the rest of it away from under the reader's eyes.
 */
export class VisitOrder {
  private readonly ranks = new Map<string, Rank>()

  sort<T>(groups: readonly ReviewGroup<T>[], itemOf: (row: T) => ReviewItem): ReviewGroup<T>[] {
    for (const group of groups) this.remember(group.key, { level: group.level, seq: Math.min(...group.items.map((row) => itemOf(row).seq)) })
    const rank = (group: ReviewGroup<T>) => this.ranks.get(group.key)!
    return [...groups].sort((a, b) => byLevel(rank(a).level, rank(b).level) || rank(a).seq - rank(b).seq)
  }

  /** For a list that is loaded anew. */
  forget() {
    this.ranks.clear()
  }

  private remember(key: string, { level, seq }: Rank) {
    const known = this.ranks.get(key)
    this.ranks.set(key, known ? { level: strongest([known.level, level]), seq: Math.min(known.seq, seq) } : { level, seq })
  }
}
