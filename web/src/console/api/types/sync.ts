/** What came from the tablets: reviews, conflicts, operations. */
import type { Device, Person, Values } from './shared'

export interface FieldReview {
  before: unknown
  after: unknown
  confirmed: unknown
}

/** What of an item is masked, and for what it may be read in full. */
export interface MaskedIn {
  fields: string[]
  purposes: { value: string; label: string }[]
}

export interface ReviewItem {
  op: string
  seq: number
  type: string
  record: string
  household: string
  kind: 'create' | 'patch' | 'delete'
  author: Person
  device?: Device
  at: string
  received: string
  skew_ms?: number | null
  fields: Record<string, FieldReview>
  /** Names of indicators, or the warnings themselves. */
  warnings?: unknown[]
  photos?: string[]
  /** The conflict that the op opened or joined. */
  case?: string | null
  outcome?: string
  masked?: MaskedIn
  head_name?: string
  region_name?: string
}

export interface CaseSide {
  value: unknown
  kind?: string
  by?: Person
  at?: string
  received?: string
  device?: string
  device_name?: string
}

export interface DeviceSide extends CaseSide {
  op: string
}

export interface CaseItem {
  case: string
  kind: 'field' | 'delete' | 'duplicate'
  type: string
  record: string
  household: string
  /** The unit in question; null where the whole record is. */
  field: string | null
  base: unknown
  server: CaseSide
  device: DeviceSide[]
  rev: number
  version: number
  state?: string
  /** The record stands deleted. */
  deleted?: boolean
  /** Of a duplicate: the entry that was there first. */
  other?: string
  resolution?: CaseResolution | null
  masked?: MaskedIn
  head_name?: string
  region_name?: string
}

/** What was decided. */
export interface CaseResolution {
  choice: Resolution['choice']
  value?: unknown
  reason?: string
  by?: Person
  at?: string
}

export interface Resolution {
  choice: 'server' | 'device' | 'value'
  op?: string
  value?: unknown
  reason: string
  expect_rev: number
  expect_version: number
}

export interface OpItem {
  op: string
  masked?: MaskedIn
  seq: number
  outcome: 'rejected' | 'held' | 'lost'
  state?: string
  type: string
  record: string
  at: string
  received: string
  author: Person
  device?: Device
  /** The op as it came. */
  body?: OpBody | null
  error?: { code: string; message: string; field?: string } | null
  region_name?: string
}

export interface OpBody {
  n?: number
  kind?: 'create' | 'patch' | 'delete'
  set?: Values | null
  was?: Values | null
}
