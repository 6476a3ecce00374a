/** The history of one field, in the words of a row: what became of the change, and who had the last word. */
import type { Became, FieldChange } from '../api/types'
import { speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'
import { correctedTime, dateTime, TRUSTED_SKEW_MILLIS } from '../time/time'

const TONES: Record<Became, string> = {
  applied: 'chip-green', merged: 'chip-brand', kept: '', case: 'chip-orange', taken: 'chip-green', overruled: '',
  returned: 'chip-red', held: 'chip-blue', rejected: 'chip-red', lost: 'chip-red',
}

export const toneOf = (became: Became): string => TONES[became]

/** A change that stands nowhere: it is struck through. */
export const isVoid = (became: Became): boolean => ['overruled', 'returned', 'rejected', 'lost', 'kept'].includes(became)

export interface ChangedField {
  field: string
  label: string
  before: string
  after: string
}

export function changedFields(schema: Schema, type: string, change: FieldChange, words: Words): ChangedField[] {
  return Object.keys(change.set).map((field) => ({
    field,
    label: schema.label(type, field),
    before: change.kind === 'create' ? '' : speak(schema, type, field, change.was[field], words).text,
    after: speak(schema, type, field, change.set[field], words).text,
  }))
}

/** When it was really made, where the device's clock is known to be wrong; '' where it is right. */
export function trueTime(change: FieldChange): string {
  if (Math.abs(change.skew_ms) < TRUSTED_SKEW_MILLIS) return ''
  return dateTime(correctedTime(change.at, change.skew_ms)?.toISOString())
}

/** Who decided about the change last, and when: the town's reviewer, or whoever settled the conflict. */
export function lastWord(change: FieldChange): { key: string; by: FieldChange['author']; at: string; reason: string } | null {
  if (change.resolution) return { key: 'settled', by: change.resolution.by, at: change.resolution.at, reason: change.resolution.reason }
  if (change.review?.state === 'accepted') return { key: 'confirmed', by: change.review.by, at: change.review.at, reason: '' }
  if (change.review?.state === 'returned') return { key: 'givenBack', by: change.review.by, at: change.review.at, reason: change.reason }
  return null
}
