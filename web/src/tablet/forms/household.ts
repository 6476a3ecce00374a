// A household found on the doorstep: few fields are needed, the rest comes later.
// It goes in one commit in the order in which the server must see it: the
// household, its head, the others.
import { createOp, type Making } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { NewOp } from '@/store/outbox'
import type { Commit } from '@/store/store'
import type { Values } from '@/sync/wire'
import { text } from '../data/words'
import { enteredPerson, personFaults } from './person'
import { faultsOf, type Fault } from './validate'

export interface Village {
  code: string
  name: string
  urban: boolean
}

export interface NewPerson {
  id: string
  values: Values
}

export interface HouseholdForm {
  household: string
  values: Values
  head: NewPerson
  others: NewPerson[]
}

/** GB/T 4761. */
const headOfHousehold = '02'
/** A family larger than this is entered from its page. */
export const mostOthers = 15

export const headFields = ['name', 'id_number', 'sex', 'birth_date'] as const
export const otherFields = ['name', 'relation', 'id_number', 'sex', 'birth_date'] as const
export const placeFields = ['address', 'phone'] as const
export const laterFields = ['cause', 'monthly_income', 'lives_alone'] as const

const newPerson = (making: Making, more: Values = {}): NewPerson => ({ id: making.newId(), values: { id_kind: 'resident', ...more } })

/** The household's id is the draft's: a form that was begun is that household. */
export function freshHousehold(making: Making, id: string, villages: readonly Village[]): HouseholdForm {
  const only = villages.length === 1 ? villages[0] : undefined
  return {
    household: id,
    values: only ? { region: only.code, urban: only.urban } : {},
    head: newPerson(making, { relation: headOfHousehold }),
    others: [],
  }
}

export function addOther(making: Making, form: HouseholdForm): void {
  if (form.others.length < mostOthers) form.others = [...form.others, newPerson(making)]
}

export interface HouseholdFaults {
  values: Record<string, Fault>
  /** By the person's id. */
  people: Record<string, Record<string, Fault>>
}

export function householdFaults(schema: Schema, form: HouseholdForm): HouseholdFaults | null {
  const fields = schema.types.households?.fields ?? {}
  const { region: _region, head_name: _head, ...rest } = form.values
  const values = faultsOf(fields, rest)
  if (text(form.values.region) === '') values.region = { key: 'fault.region', params: {} }
  const people: Record<string, Record<string, Fault>> = {}
  const entered = [form.head, ...form.others]
  for (const person of entered) {
    const names = new Set(['name', ...Object.keys(person.values)])
    const found = personFaults(schema, names, person.values, person.values)
    const { number } = enteredPerson(person.values)
    if (number !== '' && entered.some((other) => other.id !== person.id && enteredPerson(other.values).number === number)) {
      found.id_number = { key: 'fault.same_number', params: {} }
    }
    if (Object.keys(found).length > 0) people[person.id] = found
  }
  return Object.keys(values).length + Object.keys(people).length > 0 ? { values, people } : null
}

export function householdCommit(making: Making, form: HouseholdForm, draft: string): Commit {
  const { household: id, head, others } = form
  const bodies = [
    createOp(making, 'households', id, { ...form.values, head_name: head.values.name ?? null }),
    ...[head, ...others].map((person) => createOp(making, 'members', person.id, { household: id, alive: true, ...withKind(person.values) })),
  ]
  return { ops: bodies.map((body): NewOp => ({ body, household: id })), draft }
}

/** Without a number it is not known which paper there is. */
function withKind(values: Values): Values {
  const { id_kind: kind, ...rest } = values
  return text(values.id_number) === '' && kind === 'resident' ? rest : values
}
