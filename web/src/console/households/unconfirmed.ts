/** Which value of a record nobody has confirmed yet, and what the last confirmed one was. */
import type { SyncedRecord } from '../api/types'
import type { Schema } from '../schema/schema'

export interface Unconfirmed {
  value: unknown
}

/** Under this name stands a record that was never confirmed as a whole. */
const WHOLE = '*'

/** Made on the doorstep, and not looked at by the office yet. */
export function isNew(record: SyncedRecord): boolean {
  return typeof record.unconfirmed === 'object' && record.unconfirmed !== null && WHOLE in record.unconfirmed
}

/** `record.unconfirmed` maps units to last confirmed values; that of a group is an object of its fields. */
export function unconfirmedOf(schema: Schema, type: string, record: SyncedRecord, field: string): Unconfirmed | null {
  const open = record.unconfirmed
  if (typeof open !== 'object' || open === null) return null
  const unit = schema.unitOf(type, field)
  if (!(unit in open)) return null
  const value = (open as Record<string, unknown>)[unit]
  const isGroup = schema.members(type, unit).length > 1
  if (isGroup && typeof value === 'object' && value !== null) return { value: (value as Record<string, unknown>)[field] }
  return { value }
}
