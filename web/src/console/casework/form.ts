/** A form as a table: one row for each thing that is asked, and the body that its answers make. Pure. */
import type { Choice, Values } from '../api/types'

export type RowKind = 'text' | 'long' | 'choice' | 'choices' | 'date' | 'month' | 'number' | 'flag' | 'place' | 'household' | 'households'

export interface FormRow {
  /** Where it stands in the body: 'about.name' is the name in about. */
  key: string
  label: string
  kind: RowKind
  options?: readonly Choice[]
  must?: boolean
  max?: number
  unit?: string
  /** Has the whole line. */
  wide?: boolean
  hint?: string
  /** place: how exact it must be; 9 a town, 12 a village. */
  digits?: number
  /** Is asked only then; refused are the fields that the server did not take. */
  when?: (values: Values, refused: ReadonlySet<string>) => boolean
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0)

export const shownRows = (rows: readonly FormRow[], values: Values, refused: ReadonlySet<string>): FormRow[] => rows.filter((row) => row.when?.(values, refused) ?? true)

/** The first row that still lacks its answer. */
export function missing(rows: readonly FormRow[], values: Values): FormRow | undefined {
  return rows.find((row) => (row.must && isBlank(values[row.key])) || (row.kind === 'place' && row.must && String(values[row.key] ?? '').length < (row.digits ?? 9)))
}

/** What is sent: blank answers are left out, numbers are numbers. */
export function bodyOf(rows: readonly FormRow[], values: Values): Values {
  const body: Values = {}
  for (const row of rows) {
    const value = values[row.key]
    if (isBlank(value)) continue
    const path = row.key.split('.')
    const last = path.pop()!
    let at = body
    for (const part of path) at = (at[part] ??= {}) as Values
    at[last] = row.kind === 'number' ? Number(value) : typeof value === 'string' ? value.trim() : value
  }
  return body
}

/** The official word of a value; the value itself where the table has none. */
export const wordIn = (options: readonly Choice[] | undefined, value: unknown): string => options?.find((each) => each.value === value)?.label ?? String(value ?? '')
export const wordsIn = (options: readonly Choice[] | undefined, values: readonly unknown[] | undefined): string[] => (values ?? []).map((value) => wordIn(options, value))

/** Tables that name their values code, as choices. */
export const choicesOf = (rows: readonly { code: string; label: string }[]): Choice[] => rows.map((row) => ({ value: row.code, label: row.label }))
/** Accounts, as choices. */
export const staffChoices = (staff: readonly { account: string; name: string; unit?: string }[]): Choice[] =>
  staff.map((each) => ({ value: each.account, label: each.unit ? `${each.name} · ${each.unit}` : each.name }))
