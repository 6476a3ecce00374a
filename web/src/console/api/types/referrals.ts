/** 转办、商请核查 and the status inquiry. */
import type { SyncedRecord } from './shared'

/** A column of a person that a department sees for a purpose. */
export interface SeenColumn {
  column: string
  label: string
  value?: unknown
  text?: string
}

/** 转办、商请核查: whole for the office; a department has the town and the person's columns instead. */
export type Referral = SyncedRecord & {
  household: string
  kind: string
  department?: string
  item?: string
  purpose?: string
  state: string
  sent_on?: string
  due_on?: string
  received_on?: string
  closed_on?: string
  result?: string
  answer?: string
  steps?: unknown
  head_name?: string
  region_name?: string
  town_name?: string
  person?: SeenColumn[]
}

export interface ReferralChoice {
  kind: string
  item: string
  departments: string[]
  columns: SeenColumn[]
}

/** The tables that the office's and the department's forms are made of. */
export interface ReferralOptions {
  choices: ReferralChoice[]
  results: Record<string, string[]>
  inquiries: string[]
  department: string
  area_name: string
}

export interface NewReferral {
  id: string
  household: string
  member?: string
  warning?: string
  kind: string
  department: string
  item?: string
  purpose: string
  due_on?: string
}

export interface ReferralAnswer {
  result: string
  text?: string
  amount?: number
  given_on?: string
  period?: string
}

export interface StatusQuestion {
  name: string
  id_number: string
  purpose: string
  note?: string
}

export interface StatusAnswer {
  as_of: string
  categories: { category: string; from: string; to: string }[]
}
