/**
 * What the server answers, as docs/protocol.md and the console routes define
 * it. Optional is what a server may leave out; screens must do without.
 */
export interface Page<T> {
  items: T[]
  cursor?: string | null
}

export interface Person {
  id: string
  name?: string
  role?: string
}

export interface Device {
  id: string
  name?: string
  platform?: string
}

export interface Summary {
  reviews: number
  cases: number
  warnings: number
  held: number
  lost: number
  rejected: number
}

/** Any synced record: fields by name, as /schema describes them. */
export type Values = Record<string, unknown>
export type SyncedRecord = Values & { id: string; rev?: number; created?: string; updated?: string }

export interface FieldReview {
  before: unknown
  after: unknown
  confirmed: unknown
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

export type Warning = SyncedRecord & {
  household: string
  member?: string
  indicator: string
  level: string
  title: string
  evidence?: unknown
  state: string
  due_on?: string
  reason?: string
  handled_by?: string
  handled_on?: string
  head_name?: string
  region_name?: string
  steps?: WarningChoice[]
}

/** A step that may be taken with a warning in its state (分类精细处置). */
export interface WarningChoice {
  action: string
  label: string
  /** What must be said: `reason`, `department`. */
  needs: string[]
  /** It leads to a deadline, which may be set; else the county's days count. */
  due: boolean
}

export interface WarningStep {
  action: string
  reason?: string
  department?: string
  due_on?: string
}

/** What a step came to; `offers` are procedures that the household may go into after an end. */
export interface Disposed {
  warning: string
  state: string
  due_on: string
  task: string
  offers: string[]
}

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

/** A fact of the ordered test, and how it is asked. */
export interface FactRow {
  code: string
  label: string
  unit: string
  kind: string
  member: boolean
  type: string
  field: string
  ask: string
}

export interface TestFigure {
  fact: string
  label: string
  unit: string
  member: string
  name: string
  value: unknown
  confirmed: boolean
  note: string
}

export interface TestCheck {
  code: string
  title: string
  clause: string
  member: string
  name: string
  outcome: string
  why: string
  figures: TestFigure[]
  params: { name: string; label: string; unit: string; value: number; example: boolean }[]
}

export interface TestStep {
  code: string
  category: string
  title: string
  clause: string
  outcome: string
  why: string
  checks: TestCheck[]
}

export interface TestQuestion {
  fact: string
  member: string
  name: string
  text: string
}

export interface TestAnswer {
  fact: string
  member: string
  value: unknown
  note: string
}

/** 分类审核认定: the ordered test with its whole trace. */
export interface TestResult {
  rules_title: string
  day: string
  status: 'determined' | 'to_verify' | 'none'
  category: string
  awards: { category: string; member: string; name: string; way: string; clause: string }[]
  steps: TestStep[]
  questions: TestQuestion[]
  unconfirmed: TestFigure[]
  why: string
}

export interface Award {
  category: string
  member: string
}

export interface Opined {
  awards: Award[]
  departed: boolean
  reason: string
  support_form: string
}

export interface Opinion {
  awards?: Award[]
  reason?: string
  support_form?: string
}

export interface Posting {
  place: string
  period?: string
  amounts: Record<string, number>
}

export interface Determination {
  id: string
  state: string
  opinion: Opined | null
  reviewer: string
  reviewed_on: string
  decider: string
  decided_on: string
  decision: string
  next_review: string
  trace: TestResult
  member_names: Record<string, string>
}

interface NoticeWord {
  id: string
  objection?: string
  at?: string
  by?: string
  text?: string
}

/** 公示, as it hangs: masked. */
export interface Notice {
  id: string
  name: string
  village: string
  category: string
  headcount: number
  amount?: number | null
  period: string
  from: string
  to: string
  place: string
  state: string
  objections: NoticeWord[]
  findings: NoticeWord[]
  upheld: string[]
}

export interface Application {
  id: string
  household: string
  head_name: string
  region_name?: string
  applicant_name: string
  way: string
  applied_on: string
  consented: boolean
  reason: string
  state: string
  procedure: string
  determination: string
  acts: string[]
  determinations: Determination[]
  notices: Notice[]
}

/** 投诉建议, with who handed it in. */
export type Complaint = SyncedRecord & {
  kind: string
  voice?: string
  text: string
  answer_wished?: boolean
  contact?: string
  said_on?: string
  state: string
  author: Person
  head_name?: string
  region_name?: string
}

export interface HouseholdRow {
  id: string
  number?: string
  head_name: string
  region: string
  region_name: string
  address?: string
  phone?: string
  state: string
  categories: string[]
}

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

export interface DeviceRow {
  device: string
  name: string
  platform: string
  app?: string
  account: Person
  registered?: string
  last_seen?: string
  next_n?: number
  skew_ms?: number | null
  revoked?: boolean | string | null
}
