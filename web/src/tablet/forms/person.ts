// A person's fields in a form: what an ID number fills in, and what is wrong.
import type { Field, Schema } from '@/sync/schema'
import type { Json, Values } from '@/sync/wire'
import { text } from '../data/words'
import { birthOf, readIdNumber, sexOf } from './idnumber'
import { faultOf, type Fault } from './validate'

/** The values with one of them set; a good ID number says birth date and sex. */
export function setPerson(values: Values, name: string, value: Json): { values: Values; filled: boolean } {
  const next = { ...values, [name]: value }
  if (name !== 'id_number' || typeof value !== 'string') return { values: next, filled: false }
  const { number } = readIdNumber(value)
  if (number === null || !residentNumber(next)) return { values: next, filled: false }
  return { values: { ...next, id_number: number, birth_date: birthOf(number), sex: sexOf(number) }, filled: true }
}

/** Only a resident's ID card has a number by GB 11643. */
export const residentNumber = (values: Values): boolean => ['', 'resident'].includes(text(values.id_kind))

export const enteredPerson = (values: Values): { name: string; birth: string; number: string } => ({
  name: text(values.name),
  birth: text(values.birth_date),
  number: readIdNumber(text(values.id_number)).number ?? '',
})

/** Faults of the named fields; `all` are all values, for what takes two to check. */
export function personFaults(schema: Schema, names: Iterable<string>, values: Values, all: Values): Record<string, Fault> {
  const fields: Record<string, Field> = schema.types.members?.fields ?? {}
  const out: Record<string, Fault> = {}
  for (const name of names) {
    const field = fields[name]
    const found = field && faultOf(field, name, values[name], residentNumber(all))
    if (found) out[name] = found
  }
  return out
}
