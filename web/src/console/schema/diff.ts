/** Lays a change out for the eye: before, after, what was last confirmed, and how far a number moved. */
import type { FieldReview } from '../api/types'
import { isEmpty, speak, type Words } from './format'
import type { Schema } from './schema'

export interface ChangeRow {
  field: string
  label: string
  before: string
  beforeEmpty: boolean
  after: string
  afterEmpty: boolean
  confirmed: string
  /** The value before is not the last confirmed one: an earlier edit is still open. */
  unconfirmedBefore: boolean
  delta: Delta | null
  added: string[]
  removed: string[]
}

export interface Delta {
  amount: number
  /** Of the value before; null where it was zero. */
  percent: number | null
  unit: string | null
}

export function changeRows(
  schema: Schema, type: string, fields: Record<string, FieldReview>, words: Words,
): ChangeRow[] {
  const order = schema.fieldNames(type)
  const place = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1)
  return Object.entries(fields)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([field, review]) => changeRow(schema, type, field, review, words))
}

function changeRow(schema: Schema, type: string, field: string, review: FieldReview, words: Words): ChangeRow {
  const before = speak(schema, type, field, review.before, words)
  const after = speak(schema, type, field, review.after, words)
  const lists = listChange(review.before, review.after)
  const say = (value: unknown) => speak(schema, type, field, [value], words).text
  return {
    field,
    label: schema.label(type, field),
    before: before.text,
    beforeEmpty: before.empty,
    after: after.text,
    afterEmpty: after.empty,
    confirmed: speak(schema, type, field, review.confirmed, words).text,
    unconfirmedBefore: review.confirmed !== undefined && !sameValue(review.before, review.confirmed),
    delta: deltaOf(review.before, review.after, schema.field(type, field)?.unit ?? null),
    added: lists.added.map(say),
    removed: lists.removed.map(say),
  }
}

export function deltaOf(before: unknown, after: unknown, unit: string | null): Delta | null {
  if (typeof before !== 'number' || typeof after !== 'number' || before === after) return null
  const amount = after - before
  return { amount, percent: before === 0 ? null : Math.round((amount / Math.abs(before)) * 100), unit }
}

function listChange(before: unknown, after: unknown): { added: unknown[]; removed: unknown[] } {
  if (!Array.isArray(before) || !Array.isArray(after)) return { added: [], removed: [] }
  const without = (list: unknown[], other: unknown[]) => list.filter((item) => !other.some((each) => sameValue(each, item)))
  return { added: without(after, before), removed: without(before, after) }
}

/** Equality of JSON values; absent, null, empty text and empty list are one. Order of keys does not matter. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => sameValue(left[key], right[key]))
}
