/** One line that says what a review is about, for the list. */
import type { ReviewItem } from '../api/types'
import { speak, type Words } from '../schema/format'
import type { Schema } from '../schema/schema'

export function summaryOf(schema: Schema, item: ReviewItem, words: Words): string {
  const { say } = words
  const type = schema.typeLabel(item.type)
  const names = Object.keys(item.fields)
  if (item.kind === 'delete') return say('reviews.summary.delete', { type })
  if (item.kind === 'create') {
    const kind = item.fields.kind
    const name = (item.fields.name ?? item.fields.head_name)?.after
    if (typeof name === 'string') return say('reviews.summary.named', { type, name })
    if (!kind) return say('reviews.summary.create', { type })
    return say('reviews.summary.kind', { type, kind: speak(schema, item.type, 'kind', kind.after, words).text })
  }
  const [first] = names
  if (first === undefined) return say('reviews.summary.patch', { type })
  const { before, after } = item.fields[first]!
  const change = say('reviews.summary.change', {
    label: schema.label(item.type, first),
    before: speak(schema, item.type, first, before, words).text,
    after: speak(schema, item.type, first, after, words).text,
  })
  const units = new Set(names.map((name) => schema.unitOf(item.type, name)))
  return units.size > 1 ? say('reviews.summary.more', { first: change, n: units.size }) : change
}

/** A create, or evidence shown with it, has nothing before: it is told as facts, not as a change. */
export function tellsFacts(item: ReviewItem): boolean {
  return item.kind === 'create' || item.type === 'status_changes' || item.type === 'visits'
}
