/** What each side of a conflict says. A conflict over a whole record has no single value: it is kept, deleted, or edited. */
import type { CaseItem, DeviceSide, Values } from '../api/types'
import { sameValue } from '../schema/diff'
import { isEmpty, speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

/** A value, with the name of its field where there are several. */
export interface Line {
  label: string
  text: string
  /** The other entry of a suspected duplicate says something else. */
  differs?: boolean
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
  if (item.kind === 'duplicate') return entryLines(schema, item, item.server.value, item.device[0]?.value, words)
  if (item.field !== null) return valueLines(schema, item, item.server.value, words)
  return plain(words.say(item.deleted ? 'cases.deleted' : 'cases.kept'))
}

export function deviceLines(schema: Schema, item: CaseItem, side: DeviceSide, words: Words): Line[] {
  if (item.kind === 'duplicate') return entryLines(schema, item, side.value, item.server.value, words)
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

/** Two entries side by side: the same fields in both, so that the eye can run across. */
function entryLines(schema: Schema, item: CaseItem, value: unknown, other: unknown, words: Words): Line[] {
  const mine = (value ?? {}) as Values
  const theirs = (other ?? {}) as Values
  return schema
    .fieldNames(item.type)
    .filter((field) => !(isEmpty(mine[field]) && isEmpty(theirs[field])))
    .map((field) => ({
      label: schema.label(item.type, field),
      text: speak(schema, item.type, field, mine[field], words).text,
      differs: !sameValue(mine[field], theirs[field]),
    }))
}

/** When it was last added to. */
export function newestAt(item: CaseItem): string | undefined {
  const last = item.device.at(-1)
  return last?.received ?? last?.at
}

const entryOf = (value: unknown): Values => (typeof value === 'object' && value !== null ? (value as Values) : {})

/** The name in the entry that came last: what to call a suspected duplicate. */
export function nameOfEntry(item: CaseItem): string | null {
  const { name } = entryOf(item.kind === 'duplicate' ? item.device[0]?.value : null)
  return typeof name === 'string' && name ? name : null
}

/** The household of the entry that was there first, where it is another one. */
export function otherHousehold(item: CaseItem): string | null {
  const { household } = entryOf(item.kind === 'duplicate' ? item.server.value : null)
  return typeof household === 'string' && household !== item.household ? household : null
}
