/** A household's whole story. */
import type { Referral } from './referrals'
import type { Device, Person, SyncedRecord, Values } from './shared'
import type { Warning } from './warnings'

export interface HistoryEntry {
  seq: number
  op: string
  at: string
  received: string
  author: Person
  device?: Device
  type: string
  record: string
  /** create, patch, delete, or what an office did: accept, return, resolve … */
  kind: string
  outcome: string
  set?: Values | null
  was?: Values | null
  case?: string | null
}

/** What became of a field's change. */
export type Became = 'applied' | 'merged' | 'kept' | 'case' | 'taken' | 'overruled' | 'returned' | 'held' | 'rejected' | 'lost'

/** One op in the history of one field; a group's fields come together. */
export interface FieldChange {
  seq: number
  op: string
  kind: string
  at: string
  received: string
  skew_ms: number
  author: Person
  device?: Device
  set: Values
  was: Values
  became: Became
  reason: string
  case?: string | null
  review?: { state: 'open' | 'accepted' | 'returned' | 'resolved'; by: Person; at: string } | null
  resolution?: { choice: string; reason: string; by: Person; at: string; value: unknown } | null
}

/** What offices do for the household, a few lines of each screen. */
export interface HouseholdFiles {
  screen: 'applications' | 'deliberations' | 'leads' | 'urgent' | 'charity' | 'declarations' | 'corrections'
  items: { id: string; queue: string; title: string; state: string; day: string; due_on: string; open: boolean }[]
  more: number
}

export interface Household {
  household: SyncedRecord & { region_name?: string; unconfirmed?: Values | null }
  members: SyncedRecord[]
  visits: SyncedRecord[]
  status_changes: SyncedRecord[]
  followups: SyncedRecord[]
  photos: SyncedRecord[]
  warnings: Warning[]
  assistance: SyncedRecord[]
  categories: SyncedRecord[]
  entitlements: SyncedRecord[]
  tasks: SyncedRecord[]
  applications: SyncedRecord[]
  referrals?: Referral[]
  /** Recorded by somebody whose household it was not (any more), by type. */
  away?: Record<string, SyncedRecord[]>
  history: HistoryEntry[]
  files?: HouseholdFiles[]
  /** The names of the places that its fields speak of, by code. */
  places?: Record<string, string>
  /** What a masked number may be asked for. */
  reveal_purposes?: { value: string; label: string }[]
}
