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
}
