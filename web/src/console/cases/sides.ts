/** What each side of a conflict says. A conflict over a whole record has no single value: it is kept, deleted, or edited. */
import type { CaseItem, DeviceSide, Values } from '../api/types'
import { isEmpty, speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

export function valueText(schema: Schema, item: CaseItem, value: unknown, words: Words): string {
  return item.field === null ? '' : speak(schema, item.type, item.field, value, words).text
}

export function serverText(schema: Schema, item: CaseItem, words: Words): string {
  if (item.field !== null) return valueText(schema, item, item.server.value, words)
  return words.say(item.deleted ? 'cases.deleted' : 'cases.kept')
}

export function deviceText(schema: Schema, item: CaseItem, side: DeviceSide, words: Words): string {
  if (item.field !== null) return valueText(schema, item, side.value, words)
  if (side.kind === 'delete' || isEmpty(side.value)) return words.say('cases.delete')
  return editText(schema, item, side.value, words)
}

/** The edit of a record, field by field: its value is what the op set. */
function editText(schema: Schema, item: CaseItem, value: unknown, words: Words): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value as Values)
    .map(([field, each]) =>
      words.say('value.labelled', { label: schema.label(item.type, field), value: speak(schema, item.type, field, each, words).text }))
    .join(words.say('value.separator'))
}

/** When it was last added to. */
export function newestAt(item: CaseItem): string | undefined {
  const last = item.device.at(-1)
  return last?.received ?? last?.at
}
