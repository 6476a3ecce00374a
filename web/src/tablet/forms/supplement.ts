// What was sent is not rewritten: a supplement stands under it, with its author and
// its day, and pictures that belong to the same record.
import { createOp, patchOp, type Making, type Opened } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { NewOp } from '@/store/outbox'
import type { Commit, Store } from '@/store/store'
import type { Json } from '@/sync/wire'
import { text } from '../data/words'
import { photoValues, type PictureRef } from './picture'
import type { Fault } from './validate'

/** Types whose records take supplements; each owns its pictures, too. */
export const supplementedTypes = ['visits', 'status_changes', 'followups', 'applications'] as const

export interface SupplementForm {
  opened: Opened
  household: string
  /** The new entry's id: saved twice, it stands once. */
  entry: string
  text: string
  photos: PictureRef[]
}

export interface Supplement {
  id: string
  at: string
  by: string
  text: string
}

export function supplementsOf(value: Json | undefined): Supplement[] {
  const items = Array.isArray(value) ? value : []
  return items.flatMap((item) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return []
    return [{ id: text(item.id), at: text(item.at), by: text(item.by), text: text(item.text) }]
  })
}

export async function freshSupplement(store: Store, making: Making, type: string, id: string): Promise<SupplementForm> {
  const found = await store.records.get(type, id)
  if (found === undefined || !supplementedTypes.some((known) => known === type)) throw new Error(`supplement: no ${type} ${id}`)
  const opened = { type, id, rev: found.rev, was: found.record }
  return { opened, household: text(found.record.household), entry: making.newId(), text: '', photos: [] }
}

export const supplementFaults = (form: SupplementForm): { text: Fault } | null =>
  form.text.trim() === '' ? { text: { key: 'fault.supplement', params: {} } } : null

export function supplementCommit(schema: Schema, making: Making, form: SupplementForm, by: string, draft: string): Commit {
  const { opened, household, photos } = form
  const before = Array.isArray(opened.was.supplements) ? opened.was.supplements : []
  const entry = { id: form.entry, at: new Date(making.now()).toISOString(), by, text: form.text.trim() }
  const patch = patchOp(making, schema, opened, { supplements: [...before, entry] })
  const pictures = photos.map((photo) => createOp(making, 'photos', photo.id, photoValues(photo, opened.type, opened.id, null)))
  const ops = [patch, ...pictures].filter((body) => body !== null).map((body): NewOp => ({ body, household }))
  return { ops, photos: { ids: photos.map((photo) => photo.id), owner: opened.id }, draft }
}
