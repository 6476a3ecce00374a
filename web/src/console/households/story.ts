/** Looking things up in a household's page of records: names behind references, photos of a record, the visit of a day. */
import type { Household, Person, SyncedRecord } from '../api/types'
import { correctedTime, dateOnly, instantOf } from '../time/time'

const LISTS = [
  'members', 'visits', 'status_changes', 'followups', 'photos', 'warnings', 'assistance', 'categories', 'entitlements',
  'tasks', 'applications',
] as const

/** The record of any type, if the page holds it. */
export function recordIn(story: Household, id: string): SyncedRecord | null {
  if (story.household.id === id) return story.household
  for (const list of LISTS) {
    const found = (story[list] ?? []).find((record) => record.id === id)
    if (found) return found
  }
  return null
}

/** What people call a record: a member by name, a household by its head, a task by its title, a visit by its day; a place, by its code. */
export function nameIn(story: Household | null, id: string): string | null {
  const place = story?.places?.[id]
  if (place) return place
  const record = story && recordIn(story, id)
  if (!record) return null
  for (const field of ['name', 'head_name', 'title', 'visited_on']) {
    const value = record[field]
    if (typeof value === 'string' && value) return value
  }
  return null
}

export function photosOf(story: Household, owner: string): SyncedRecord[] {
  return story.photos.filter((photo) => photo.owner === owner)
}

/**
 * The visit that an edit was made on: by the same person, on the day that the
 * device said, or on the day it really was if the device's clock is wrong.
 */
export function visitOn(story: Household, at: string, skewMillis: number, author: Person): SyncedRecord | null {
  const days = [correctedTime(at, 0), correctedTime(at, skewMillis)].map((time) => dateOnly(time?.toISOString()))
  const mine = story.visits.filter(({ visitor }) => !visitor || visitor === author.name || visitor === author.id)
  return byNewest(mine, 'visited_on').find((visit) => days.includes(dateOnly(String(visit.visited_on ?? '')))) ?? null
}

export function byNewest(records: readonly SyncedRecord[], field: string): SyncedRecord[] {
  const time = (record: SyncedRecord) => instantOf(String(record[field] ?? ''))?.getTime() ?? -Infinity
  return [...records].sort((a, b) => time(b) - time(a) || (b.rev ?? 0) - (a.rev ?? 0))
}

/** The head first, then by the order of the relation codes (GB/T 4761), the elder first. */
export function inFamilyOrder(members: readonly SyncedRecord[]): SyncedRecord[] {
  const place = (member: SyncedRecord) => `${String(member.relation ?? '99')} ${String(member.birth_date ?? '9999')} ${member.id}`
  return [...members].sort((a, b) => place(a).localeCompare(place(b)))
}

/** Whole years from a birth date to `now`; null where it cannot be told. */
export function ageOf(birth: unknown, now: Date): number | null {
  const match = typeof birth === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(birth) : null
  if (!match) return null
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const had = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day)
  const age = now.getFullYear() - year - (had ? 0 : 1)
  return age >= 0 && age < 130 ? age : null
}

export type FieldType = 'visits' | 'status_changes' | 'followups'

/** What was recorded of the household, also by somebody whose household it was not any more. */
export const recordedOf = (story: Household, type: FieldType): SyncedRecord[] => [...story[type], ...(story.away?.[type] ?? [])]

export const isAway = (story: Household, type: string, id: string): boolean => (story.away?.[type] ?? []).some((record) => record.id === id)
