/** Departments' lists: where they come from, what came, and what they say. */

/** A file's columns: field to heading; NO_COLUMN says that the file has none. */
export type Mapping = Record<string, string>

export interface ListColumn {
  field: string
  label: string
  must: boolean
}

export interface Source {
  source: string
  kind: string
  kind_label: string
  label: string
  department: string
  department_label: string
  days: number
  mapping: Mapping
  active: boolean
  columns: ListColumn[]
  last_received: string
  last_as_of: string
  due_on: string
  overdue_days: number
}

export interface Agreement {
  kind: string
  label: string
  department: string
  days: number
  mapping: Mapping
  active: boolean
}

export interface FileLook {
  format: string
  header: string[]
  mapping: Mapping
  missing: string[]
  sample: string[][]
  /** The batch of this very file, where it has come before. */
  known: string
}

export interface Batch {
  batch: string
  purpose: 'compare' | 'load'
  source: string
  source_label: string
  kind: string
  period: string
  as_of: string
  file: string
  bytes: number
  format: string
  header: string[]
  rows: number
  bad: number
  counts: Record<string, number>
  share: number
  state: 'loading' | 'done' | 'failed' | 'withdrawing' | 'withdrawn'
  error: string
  by: string
  by_name: string
  received: string
  finished: string
  reason: string
  /** Of a withdrawal: households that stay because somebody has worked with them. */
  kept?: number
}

export interface Effects {
  results: number
  decided: number
  households: number
  warnings: number
  created: number
}

export interface RowFault {
  line: number
  column: string
  code: string
  reason: string
}

export interface BadRow {
  line: number
  faults: RowFault[]
}

export interface ListedPerson {
  name?: string
  id_number?: string
  birth_date?: string
  village?: string
  address?: string
  phone?: string
}

export interface ResultItem {
  id: string
  batch: string
  line: number
  source: string
  source_label: string
  kind: string
  result: string
  result_label: string
  strength: string
  household: string
  member: string
  head_name: string
  member_name: string
  region: string
  region_name: string
  as_of: string
  reason: string
  person: ListedPerson | null
  state: 'standing' | 'to_confirm' | 'dismissed' | 'withdrawn'
  decided: { choice?: string; reason?: string; at?: string } | null
}

export interface Candidate {
  member: string
  household: string
  elsewhere: boolean
  name: string
  id_number: string
  birth_date: string
  phone: string
  head_name: string
  address: string
  region_name: string
  categories: string[]
}

export interface ResultView extends ResultItem {
  facts: { label: string; text: string }[]
  may_be: Candidate[]
  warnings: { id: string; title: string; level: string; state: string; queue: string }[]
}
