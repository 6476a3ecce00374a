/**
 * Says a field's value in words, from the schema alone: option labels, units,
 * dates, lists, references. The words come through `say` (the i18n file), names
 * of referenced records through `nameOf`; nothing here knows a record type.
 */
import type { FieldSpec, Schema } from './schema'

export type Say = (key: string, values?: Record<string, unknown>) => string

export interface Words {
  say: Say
  /** The name of a referenced record, or of a place by its code; null where it is not known here. */
  nameOf?(id: string): string | null
  /** Show sensitive values whole: where they are what is being decided, or were asked for. */
  reveal?: boolean
}

export interface Spoken {
  text: string
  /** There is no value; `text` says so. */
  empty: boolean
}

const GROUPED = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 })
const MAX_LIST_ITEMS = 50

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

export function speak(schema: Schema, type: string, field: string, value: unknown, words: Words): Spoken {
  if (isEmpty(value)) return { text: words.say('value.none'), empty: true }
  const members = schema.members(type, field)
  const isGroup = members.length > 1 || members[0] !== field || schema.field(type, field)?.group === field
  if (isGroup && isPlainObject(value)) {
    return speakGroup(schema, type, members, value, words)
  }
  return { text: speakOne(schema.field(type, field), value, words), empty: false }
}

/** A group's value is an object of its fields. */
function speakGroup(
  schema: Schema, type: string, members: string[], value: Record<string, unknown>, words: Words,
): Spoken {
  const parts = members
    .filter((name) => !isEmpty(value[name]))
    .map((name) => `${schema.field(type, name)?.label ?? name} ${speakOne(schema.field(type, name), value[name], words)}`)
  if (parts.length === 0) return { text: words.say('value.none'), empty: true }
  return { text: parts.join(words.say('value.separator')), empty: false }
}

function speakOne(spec: FieldSpec | undefined, value: unknown, words: Words): string {
  if (Array.isArray(value)) return speakList(spec, value, words)
  const option = spec?.options?.find((each) => each.value === value || String(each.value) === String(value))
  if (option) return option.label
  if (typeof value === 'boolean') return words.say(value ? 'value.yes' : 'value.no')
  if (typeof value === 'number') return speakNumber(value, spec?.unit)
  if (typeof value === 'string') return speakText(spec, value, words)
  if (isPlainObject(value)) return speakObject(value, words)
  return String(value)
}

function speakList(spec: FieldSpec | undefined, value: unknown[], words: Words): string {
  const shown = value.slice(0, MAX_LIST_ITEMS).map((item) => speakOne(spec, item, words))
  const rest = value.length - shown.length
  if (rest > 0) shown.push(words.say('value.andMore', { count: rest }))
  return shown.join(words.say('value.separator'))
}

function speakText(spec: FieldSpec | undefined, value: string, words: Words): string {
  if (spec?.type === 'reference' || isRecordId(value)) {
    return words.nameOf?.(value) ?? words.say('value.record', { id: value.slice(-6) })
  }
  const place = isPlaceCode(value) ? words.nameOf?.(value) : null
  if (place) return place
  if (spec?.type === 'date') return value.slice(0, 10)
  return spec?.masked && !words.reveal ? mask(value) : value
}

const MASK_START = 6
const MASK_END = 4

/** 370281********1234: enough to tell people apart, too little to use. */
export function mask(value: string): string {
  const hidden = value.length - MASK_START - MASK_END
  if (hidden <= 0) return '*'.repeat(value.length)
  return value.slice(0, MASK_START) + '*'.repeat(hidden) + value.slice(-MASK_END)
}

/** Places and log entries are the only objects in the table; another one is shown as it is. */
function speakObject(value: Record<string, unknown>, words: Words): string {
  if (typeof value.lat === 'number' && typeof value.lng === 'number') {
    const accuracy = typeof value.accuracy === 'number' ? Math.round(value.accuracy) : null
    const place = { lat: value.lat.toFixed(5), lng: value.lng.toFixed(5), accuracy }
    return words.say(accuracy === null ? 'value.place' : 'value.placeWithin', place)
  }
  if (typeof value.text === 'string') return value.text
  if (typeof value.name === 'string') return value.name
  return JSON.stringify(value)
}

export function speakNumber(value: number, unit?: string | null): string {
  return unit ? `${GROUPED.format(value)} ${unit}` : GROUPED.format(value)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Twelve digits: a village (统计用区划代码). Other texts of twelve digits have no name. */
function isPlaceCode(value: string): boolean {
  return /^[1-9]\d{11}$/.test(value)
}

function isRecordId(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value)
}
