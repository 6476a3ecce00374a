// Is a value good enough to be sent? By the schema's constraints; the answer is an
// i18n key with its parameters, or null. The server decides again.
import type { Field } from '@/sync/schema'
import { normalise } from '@/sync/values'
import type { Json, Values } from '@/sync/wire'
import { readIdNumber } from './idnumber'

export interface Fault {
  key: string
  params: Record<string, string | number>
}

const fault = (key: string, params: Record<string, string | number> = {}): Fault => ({ key: `fault.${key}`, params })

/** `resident`: the number beside it is that of a resident's ID card. */
export function faultOf(field: Field, name: string, value: Json | undefined, resident = true): Fault | null {
  const clean = normalise(value)
  if (clean === null) return field.required ? fault('required', { label: field.label }) : null
  if (field.masked && typeof clean === 'string' && clean.includes('*')) return fault('masked')
  if (field.type === 'number') return numberFault(field, clean)
  if (field.type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(String(clean)) ? null : fault('date')
  if (name === 'phone' && !/^[\d+\-() ]{5,20}$/.test(String(clean))) return fault('phone')
  if (name === 'id_number' && resident) {
    const wrong = readIdNumber(String(clean)).fault
    return wrong === null ? null : fault(`id_number.${wrong}`)
  }
  const size = Array.isArray(clean) ? clean.length : [...String(clean)].length
  if (field.max && size > field.max) return fault(Array.isArray(clean) ? 'too_many' : 'too_long', { max: field.max })
  return null
}

function numberFault(field: Field, value: Json): Fault | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fault('number')
  if (value < (field.min ?? 0)) return fault('too_small', { min: field.min ?? 0 })
  if (field.high && value > field.high) return fault('too_great', { max: field.high })
  return null
}

/** The first fault among the values that are to be sent, by field. */
export function faultsOf(fields: Record<string, Field>, values: Values): Record<string, Fault> {
  const out: Record<string, Fault> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = fields[name]
    const found = field && faultOf(field, name, value)
    if (found) out[name] = found
  }
  return out
}

/** A day on which something happened: it is told, and not in the future. */
export function dayFault(day: string | null, today: string): Fault | null {
  if (day === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return fault('date')
  return day > today ? fault('future') : null
}
