/** What an operation that took no effect would have written, field by field. */
import type { OpItem, Values } from '../api/types'
import { speak, type Say, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

export interface BodyRow {
  field: string
  label: string
  set: string
  was: string | null
}

export function bodyRows(schema: Schema, item: OpItem, words: Words): BodyRow[] {
  const set: Values = item.body?.set ?? {}
  const was: Values = item.body?.was ?? {}
  return Object.keys(set).map((field) => ({
    field,
    label: schema.label(item.type, field),
    set: speak(schema, item.type, field, set[field], words).text,
    was: field in was ? speak(schema, item.type, field, was[field], words).text : null,
  }))
}

/** Why it took no effect: the server's sentence, with the field it is about; null where it gave none. */
export function refusalText(schema: Schema, item: OpItem, say: Say): string | null {
  const { error } = item
  if (!error?.message) return null
  return error.field ? say('value.labelled', { label: schema.label(item.type, error.field), value: error.message }) : error.message
}

export const opKind = (item: OpItem): string => item.body?.kind ?? 'patch'

/** The household that the op is about, as far as it says; it may not be there, or not ours. */
export function householdOf(item: OpItem): string | null {
  if (item.type === 'households') return opKind(item) === 'create' ? null : item.record
  const household = item.body?.set?.household ?? item.body?.was?.household
  return typeof household === 'string' ? household : null
}
