// What the user sees: base plus the pending ops, in the order in which they were
// made (§7). Pure, and held to docs/vectors/view.json. It does not decide conflicts,
// the server does; until the outcome is known the worker sees the edit as made.
import { fieldOf, type Schema } from './schema'
import { append, normalise, union } from './values'
import type { Json, OpBody, Values } from './wire'

/** One op on one record; undefined is "no such record". */
export function applyOp(schema: Schema, record: Values | undefined, op: OpBody): Values | undefined {
  if (op.kind === 'delete') return undefined
  if (op.kind === 'patch' && record === undefined) return undefined
  const out: Values = { ...(record ?? { id: op.record }) }
  for (const [name, value] of Object.entries(op.set ?? {})) {
    const taken = applyField(fieldOf(schema, op.type, name)?.policy, out[name], value, op.was?.[name])
    if (taken === null) delete out[name]
    else out[name] = taken
  }
  return out
}

function applyField(policy: string | undefined, current: Json | undefined, set: Json, was: Json | undefined): Json {
  switch (policy) {
    case 'union':
      return union(current, set, was)
    case 'append':
      return append(current, set)
    default:
      return normalise(set)
  }
}

/** base ⊕ ops. The ops must be in the order in which they were made. */
export const viewOf = (schema: Schema, base: Values | undefined, ops: readonly OpBody[]): Values | undefined =>
  ops.reduce<Values | undefined>((record, op) => applyOp(schema, record, op), base)
