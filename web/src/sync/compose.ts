// Making operations out of what a form holds: only what was changed, with the
// value that the author saw, groups whole. Pure; ids and time are arguments.
import { groupOf, type Schema } from './schema'
import { equal, normalise } from './values'
import type { Json, OpBody, Values } from './wire'

export interface Making {
  now: () => number
  newId: () => string
}

/** A record as a form opened it: the trunk's rev, and the values on the screen. */
export interface Opened {
  type: string
  id: string
  rev: number
  was: Values
}

export function createOp(making: Making, type: string, record: string, values: Values): OpBody {
  const set: Values = {}
  for (const [name, value] of Object.entries(values)) {
    const clean = normalise(value)
    if (clean !== null && !(Array.isArray(clean) && clean.length === 0)) set[name] = clean
  }
  return { ...stamp(making), type, record, kind: 'create', base: 0, set }
}

/** The patch from `opened` to `now`; null if nothing was changed. */
export function patchOp(making: Making, schema: Schema, opened: Opened, now: Values): OpBody | null {
  const type = schema.types[opened.type]
  if (type === undefined) return null
  const set: Values = {}
  const was: Values = {}
  const take = (name: string): void => {
    set[name] = normalise(name in now ? now[name] : opened.was[name])
    if (!type.fields[name]?.masked) was[name] = opened.was[name] ?? null
  }
  for (const name of Object.keys(now)) {
    const field = type.fields[name]
    if (field === undefined || sameValue(opened.was[name], now[name])) continue
    if (field.policy === 'append') set[name] = added(opened.was[name], now[name])
    else for (const member of groupOf(type, name)) take(member)
  }
  if (Object.keys(set).length === 0) return null
  const body: OpBody = { ...stamp(making), type: opened.type, record: opened.id, kind: 'patch', base: opened.rev, set }
  return Object.keys(was).length === 0 ? body : { ...body, was }
}

/** Equal values; an empty list is no value. */
function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  const emptied = (value: Json | undefined): Json | undefined =>
    Array.isArray(value) && value.length === 0 ? null : value
  return equal(emptied(a), emptied(b))
}

function added(was: Json | undefined, now: Json | undefined): Json {
  const before = new Set((Array.isArray(was) ? was : []).map((item) => JSON.stringify(item)))
  return (Array.isArray(now) ? now : []).filter((item) => !before.has(JSON.stringify(item)))
}

/** When the edit was made is in its id. */
const stamp = (making: Making): { id: string } => ({ id: making.newId() })
