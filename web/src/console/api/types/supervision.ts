/** 监督检查 (五(三)): kin, declarations, corrections, inspections, funds. */
import type { Choice, StaffMember } from './casework'
import type { Values } from './shared'

interface Coded {
  code: string
  label: string
}

export interface SupervisionOptions {
  relations: Coded[]
  results: (Coded & { problem: boolean })[]
  outcomes: (Coded & { reason: boolean; clause: string })[]
  conditions: Coded[]
  sources: Coded[]
  staff: StaffMember[]
  places: Choice[]
}

export interface Relative {
  id: string
  staff: string
  staff_name: string
  office: string
  relation_label: string
  name: string
  id_number: string
  note: string
  declared_on: string
  ended_on: string
  end_reason: string
}

/** What was entered for good, with the digest that it stands under. */
export interface Entry {
  id: string
  household: string
  at: string
  by: string
  account: string
  digest: string
  intact: boolean
  body: Values
}

export interface Difference {
  what: 'income' | 'property'
  kind: string
  source: string
  detail: string
  declared: number | null
  found: number | null
  against: boolean
}

export interface Declaration extends Entry {
  head_name: string
  region_name: string
  differences: Difference[]
  findings: Entry[]
}

export interface Correction extends Entry {
  head_name: string
  region_name: string
  rulings: Entry[]
  excused: boolean | null
}

export interface Sample {
  id: string
  area_name: string
  category: string
  seed: string
  method: string
  asked: number
  population: number
  population_hash: string
  purpose: string
  drawn_on: string
  by: string
  inspected: number
  problems: number
  items: { household: string; head_name: string; region_name: string; results: Entry[] }[]
}

export interface Replay {
  population_hash: string
  hashed: string
  same: boolean
  today_same: boolean
}

interface Sum {
  count: number
  amount: number
  unknown: number
}

export interface FundRow {
  month: string
  item: string
  item_label: string
  area: string
  area_name: string
  households: number
  given: Sum
  returned: Sum
  bank_returned: Sum
  returned_share: number
}

export interface Funds {
  from: string
  to: string
  department: string
  rows: FundRow[]
  total: FundRow
}
