/** What each side of a conflict says. A conflict over a whole record has no single value: it is kept, deleted, or edited. */
import type { CaseItem, DeviceSide, Values } from '../api/types'
import { isEmpty, speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

/** A value, with the name of its field where there are several. */
export interface Line {
  label: string
  text: string
}

const plain = (text: string): Line[] => [{ label: '', text }]

export function valueLines(schema: Schema, item: CaseItem, value: unknown, words: Words): Line[] {
  if (item.field === null) return []
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && schema.members(item.type, item.field).length > 1) {
    return fieldLines(schema, item.type, value as Values, schema.members(item.type, item.field), words)
  }
  return plain(speak(schema, item.type, item.field, value, words).text)
}

export function serverLines(schema: Schema, item: CaseItem, words: Words): Line[] {
  if (item.field !== null) return valueLines(schema, item, item.server.value, words)
  return plain(words.say(item.deleted ? 'cases.deleted' : 'cases.kept'))
}

export function deviceLines(schema: Schema, item: CaseItem, side: DeviceSide, words: Words): Line[] {
  if (item.field !== null) return valueLines(schema, item, side.value, words)
  if (side.kind === 'delete' || isEmpty(side.value)) return plain(words.say('cases.delete'))
  if (typeof side.value !== 'object' || side.value === null) return plain(String(side.value))
  return fieldLines(schema, item.type, side.value as Values, Object.keys(side.value), words)
}

function fieldLines(schema: Schema, type: string, values: Values, fields: string[], words: Words): Line[] {
  return fields.map((field) => ({
    label: schema.field(type, field)?.label ?? field,
    text: speak(schema, type, field, values[field], words).text,
  }))
}

/** When it was last added to. */
export function newestAt(item: CaseItem): string | undefined {
  const last = item.device.at(-1)
  return last?.received ?? last?.at
}
