// The shape of GET /schema: which types there are, their fields, and what merging
// does to them. Forms and the view are driven by this one answer.

import type { ServerKey } from './wire'

export type FieldType = 'text' | 'number' | 'bool' | 'date' | 'time' | 'list' | 'reference' | 'object'
export type Policy = 'latest' | 'union' | 'append' | 'max' | 'min' | 'review' | 'immutable'

export interface Option {
  value: string
  label: string
}

export interface Field {
  type: FieldType
  label: string
  policy: Policy
  write: boolean
  group: string | null
  options: Option[] | null
  /** Characters of a text, entries of a list. */
  max?: number | null
  /** Bounds of a number. */
  min?: number | null
  high?: number | null
  unit?: string
  /** What a list holds: option, text, entry, person, photo. */
  items?: string
  required?: boolean
  masked?: boolean
  /** This role may set it in a create. */
  on_create?: boolean
}

export interface RecordType {
  label: string
  create?: boolean
  order?: string[]
  fields: Record<string, Field>
}

export interface Indicator {
  code: string
  title: string
  level: string
  triggers?: string[] | null
}

/** One card of the assistance matrix; codes have their labels in the types. */
export interface AssistanceItem {
  code: string
  title: string
  clause: string
  departments: string[]
  /** For whom the policy names it, conditions beside. */
  categories: string[]
  plain: string
  who: string
  how: string
  phone?: string
}

/** After how many days without a visit a household is overdue; what is absent is not asked. */
export interface VisitTerm {
  days: number
  category?: string
  support_form?: string
  review_class?: string
  lives_alone?: boolean
}

export interface Schema {
  /** What tablets seal to; absent at a server that opens nothing. */
  seal?: ServerKey
  schema: number
  /** What the server knows beyond the protocol's pages: `brief`. */
  options?: string[]
  types: Record<string, RecordType>
  indicators?: Indicator[]
  assistance?: AssistanceItem[]
  /** The county's terms of V1; absent where it is switched off. */
  visit_terms?: VisitTerm[] | null
  /** The number for everything, where the county has one. */
  hotline?: string
}

export const fieldOf = (schema: Schema, type: string, name: string): Field | undefined =>
  schema.types[type]?.fields[name]

/** The label of an option, or the value itself where the schema knows no label. */
export function optionLabel(field: Field | undefined, value: unknown): string {
  const found = field?.options?.find((option) => option.value === value)
  return found?.label ?? (value === null || value === undefined ? '' : String(value))
}

/** All fields of the group that `name` belongs to, itself alone if it has none. */
export function groupOf(type: RecordType, name: string): string[] {
  const group = type.fields[name]?.group
  if (!group) return [name]
  return Object.keys(type.fields).filter((other) => type.fields[other]?.group === group)
}
