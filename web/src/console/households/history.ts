/** The history of a household, as rows of a table: who set which field to what, from what. */
import type { HistoryEntry } from '../api/types'
import { isEmpty, speak, type Words } from '../schema/format'
import { isServer } from '../schema/person'
import type { Schema } from '../schema/schema'

export interface HistoryChange {
  unit: string
  label: string
  before: string | null
  after: string
}

/** Plumbing, not content: of no use to a reader. */
const UNSAID = new Set(['household', 'sha256', 'bytes', 'width', 'height', 'owner', 'owner_type'])

/** What writes fields; everything else is a decision of an office about such an op. */
const WRITES = new Set(['create', 'patch', 'delete'])

export function historyChanges(schema: Schema, entry: HistoryEntry, words: Words): HistoryChange[] {
  if (!WRITES.has(entry.kind)) return []
  const set = entry.set ?? {}
  const was = entry.was ?? {}
  return Object.keys(set)
    .filter((field) => !UNSAID.has(field) && !(entry.kind === 'create' && isEmpty(set[field])))
    .map((field) => ({
      unit: `${entry.type}.${schema.unitOf(entry.type, field)}`,
      label: schema.label(entry.type, field),
      before: field in was ? speak(schema, entry.type, field, was[field], words).text : null,
      after: speak(schema, entry.type, field, set[field], words).text,
    }))
}

/** Why an office decided as it did. */
export function decisionReason(entry: HistoryEntry): string | null {
  const reason = WRITES.has(entry.kind) ? null : entry.set?.reason
  return typeof reason === 'string' && reason ? reason : null
}

/** What the server does to its own books, such as noting that a photo has arrived, is no change of the household. */
export function isContent(entry: HistoryEntry): boolean {
  return !(isServer(entry.author) && entry.type === 'photos')
}

/** The units that a history touches, for the filter, each once and in order of appearance. */
export function historyUnits(schema: Schema, history: readonly HistoryEntry[], words: Words): { unit: string; label: string }[] {
  const units = new Map<string, string>()
  for (const entry of history) {
    if (entry.kind !== 'patch') continue
    for (const { unit, label } of historyChanges(schema, entry, words)) {
      if (!units.has(unit)) units.set(unit, `${schema.typeLabel(entry.type)} · ${label}`)
    }
  }
  return [...units].map(([unit, label]) => ({ unit, label }))
}
