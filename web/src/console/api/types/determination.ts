/** 申请, the ordered test, 公示. */

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

export interface RulesVersion {
  version: string
  title: string
  from: string
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

/** A kept determination tested again on its own facts. */
export interface Rerun {
  determination: string
  rules: string
  same: boolean
  kept: TestResult
  again: TestResult
}

/** What became of a category that ended. */
export interface Left {
  category: string
  ended_on: string
  application: string
  offers: string[]
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
  /** As it is called on the wall. */
  number?: string
  region?: string
  application?: string
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
  accepted_on: string
  /** The office's next day: to accept it, then to decide. Empty when nothing is to be done any more. */
  due_on: string
  consented: boolean
  reason: string
  state: string
  procedure: string
  determination: string
  acts: string[]
  determinations: Determination[]
  notices: Notice[]
}
