/** 跨县转移: households on their way to another county, and from one. */
import type { Act, CaseFile, Choice, LookAlike } from './casework'
import type { TestResult } from './determination'

/** One value of what travels, in words. */
export interface Handed {
  column: string
  label: string
  text: string
  purpose: string
}

/** What travels of one type; of many the newest. */
export interface HandedGroup {
  type: string
  label: string
  total: number
  rows: Handed[][]
}

/** A determination of the other county; trace is null where its version is not known here. */
export interface HandedTest {
  on: string
  status: string
  result: string
  state: string
  decided_on: string
  next_review: string
  trace: TestResult | null
}

export interface Travelling {
  travels?: HandedGroup[]
  tests?: HandedTest[]
  head_name?: string | null
}

export type Handover = CaseFile & Travelling & {
  side: 'in' | 'out'
  other: string
  other_name: string
  people: number
  reason: string
  reason_name: string
  moved_on: string
  begins: string
  address?: string
  note?: string
  consent_by?: string
  consent_on?: string
  office?: string
  by?: string
  /** Households of this county with one of the same people; why is whose number it is. */
  alike?: LookAlike[]
  /** Of an open offer: categories that were granted after it, and that the other county does not see. */
  since?: string[]
  /** Of a clash: what the other county says; how the household stands here, '' not at all; and whether it was here before the people came. */
  clash?: string
  here?: string
  joined?: boolean
}

export interface HandoverOptions {
  counties: Choice[]
  reasons: Choice[]
  acts: Act[]
  places: Choice[]
  stays: { label: string; why: string }[]
  today: string
}
