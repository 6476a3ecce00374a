// The golden vectors that Go runs, too.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Field, Policy, Schema } from '../src/sync/schema'
import { viewOf } from '../src/sync/view'
import { compact, union } from '../src/sync/values'
import type { Json, OpBody, OpKind, Values } from '../src/sync/wire'

interface VectorField {
  name: string
  rule: Policy
  group?: string
}

interface ViewVectors {
  fields: VectorField[]
  cases: {
    name: string
    base: Values | null
    pending: { n: number; kind: OpKind; set?: Values; was?: Values }[]
    view: Values | null
  }[]
}

interface MergeVectors {
  fields: VectorField[]
  cases: {
    name: string
    state: { values: Values }
    op: { set: Values; was?: Values | null }
    result: { outcome: string; set?: Values; fields?: Record<string, string> }
  }[]
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../docs/vectors/${name}`, import.meta.url), 'utf8')) as T

function schemaOf(fields: VectorField[]): Schema {
  const entries = fields.map(({ name, rule, group }): [string, Field] => [
    name,
    { type: 'text', label: name, policy: rule, write: true, group: group ?? null, options: null },
  ])
  return { schema: 1, types: { t: { label: 't', fields: Object.fromEntries(entries) } } }
}

const view = read<ViewVectors>('view.json')
const merge = read<MergeVectors>('merge.json')

describe('docs/vectors/view.json', () => {
  const schema = schemaOf(view.fields)
  it.each(view.cases)('$name', ({ base, pending, view: wanted }) => {
    const ops = [...pending].sort((a, b) => a.n - b.n).map(
      (edit): OpBody => ({ id: '', at: '', type: 't', record: 'r', base: 0, ...edit }),
    )
    const got = viewOf(schema, base ?? undefined, ops)
    if (wanted === null) expect(got).toBeUndefined()
    else expect(withoutId(compact(got ?? {}))).toEqual(compact(wanted))
  })
})

describe('docs/vectors/merge.json: union as the server computes it', () => {
  const unions = new Set(merge.fields.filter((field) => field.rule === 'union').map((field) => field.name))
  const cases = merge.cases.flatMap(({ name, state, op, result }) =>
    Object.keys(op.set)
      .filter((field) => unions.has(field) && Array.isArray(op.set[field]) && result.outcome !== 'rejected')
      .map((field) => ({ name: `${name}: ${field}`, field, state, op, result })),
  )

  it('finds cases to run', () => expect(cases.length).toBeGreaterThan(5))

  it.each(cases)('$name', ({ field, state, op, result }) => {
    const current = state.values[field] ?? null
    const wanted = result.set && field in result.set ? result.set[field] : current
    expect(asSet(union(current, op.set[field], op.was?.[field]))).toEqual(asSet(wanted ?? null))
  })
})

const withoutId = ({ id: _id, ...rest }: Values): Values => rest
const asSet = (value: Json): string[] => (Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : [])
