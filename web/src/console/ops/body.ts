/** What an operation that took no effect would have written, field by field. */
import type { OpItem, Values } from '../api/types'
import { speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

export interface BodyRow {
  field: string
  label: string
  set: string
  was: string | null
}

export function bodyRows(schema: Schema, item: OpItem, words: Words): BodyRow[] {
  const set = valuesIn(item, 'set')
  const was = valuesIn(item, 'was')
  return Object.keys(set).map((field) => ({
    field,
    label: schema.label(item.type, field),
    set: speak(schema, item.type, field, set[field], words).text,
    was: field in was ? speak(schema, item.type, field, was[field], words).text : null,
  }))
}

/** The values stand in the op itself, or in the body that was kept of it. */
function valuesIn(item: OpItem, part: 'set' | 'was'): Values {
  return item[part] ?? item.body?.[part] ?? {}
}
