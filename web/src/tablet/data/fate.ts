// What an edit was and what became of it, as keys and parameters of the i18n file.
import type { OpEntry } from '@/store/outbox'
import { Stage } from '@/store/database'
import type { Json, Side, Values } from '@/sync/wire'
import type { SchemaView } from './schema'
import { dayAndTime } from './words'

type Translate = (key: string, params?: Record<string, unknown>) => string

export type Fate = 'returned' | 'resolved' | 'applied' | 'merged' | 'conflict' | 'rejected' | 'lost' | 'held' | 'waiting' | 'sent'

export function outcomeOf(entry: OpEntry): Fate {
  if (entry.stage === Stage.open || entry.outcome === null) return entry.sent ? 'sent' : 'waiting'
  if (entry.returned !== null) return 'returned'
  return entry.resolution !== null ? 'resolved' : entry.outcome
}

/** A value as people read it: options by their labels, numbers with their unit. */
export function valueWords(type: string, field: string, value: Json | undefined, schema: SchemaView, t: Translate): string {
  if (value === null || value === undefined) return t('common.unknown')
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (typeof value === 'number') return `${value} ${schema.field(type, field)?.unit ?? ''}`.trim()
  const values = Array.isArray(value) ? value : typeof value === 'object' ? Object.values(value) : [value]
  return values.map((item) => schema.label(type, field, item)).join('、')
}

export interface Comparison {
  label: string
  /** What the worker saw when changing it; nothing where the edit did not say. */
  before: string | null
  mine: string
  now: string
  /** Who wrote what stands, and when, where the server said so. */
  by: string | null
}

const writerOf = (side: Side | undefined, t: Translate): string | null =>
  side === undefined || side.by.name === '' ? null : t('sync.by', { name: side.by.name, time: dayAndTime(side.at) })

/** For a conflict: what was there, what the worker wrote, and what stands, field by field; also after it was settled. */
export function compare(entry: OpEntry, current: Values | undefined, schema: SchemaView, t: Translate): Comparison[] {
  if (entry.outcome !== 'conflict' || current === undefined) return []
  const fields = schema.schema.value.types[entry.type]?.fields ?? {}
  const cased = Object.entries(entry.fields ?? {}).filter(([, fate]) => fate === 'case').map(([unit]) => unit)
  const names = Object.keys(entry.body.set ?? {}).filter((name) => cased.includes(name) || cased.includes(fields[name]?.group ?? ''))
  return names.map((name) => ({
    label: fields[name]?.label ?? name,
    before: entry.body.was && name in entry.body.was ? valueWords(entry.type, name, entry.body.was[name], schema, t) : null,
    mine: valueWords(entry.type, name, entry.body.set?.[name], schema, t),
    now: valueWords(entry.type, name, current[name], schema, t),
    by: writerOf(entry.theirs?.[fields[name]?.group ?? name], t),
  }))
}

/** Group names stand for their fields in the server's answers. */
function fieldNames(entry: OpEntry, schema: SchemaView, names: readonly string[]): string {
  const fields = schema.schema.value.types[entry.type]?.fields ?? {}
  const labels = names.map((name) => {
    if (fields[name]) return fields[name].label
    return Object.values(fields).find((field) => field.group === name)?.label ?? name
  })
  return [...new Set(labels)].join('、')
}

/** What an edit of a household that left was about, so that it can be told to the town by word of mouth. */
export const contentOf = (entry: OpEntry, schema: SchemaView, t: Translate): { label: string; value: string }[] =>
  Object.entries(entry.body.set ?? {})
    .filter(([name]) => schema.field(entry.type, name) && !schema.field(entry.type, name)?.masked && schema.field(entry.type, name)?.type !== 'reference')
    .map(([name, value]) => ({ label: schema.name(entry.type, name), value: valueWords(entry.type, name, value, schema, t) }))

export function whatOf(entry: OpEntry, schema: SchemaView, t: Translate): string {
  const fields = fieldNames(entry, schema, Object.keys(entry.body.set ?? {}).slice(0, 6))
  return t(`sync.what.${entry.body.kind}`, { type: schema.typeName(entry.type), fields })
}

export function whyOf(entry: OpEntry, schema: SchemaView, t: Translate, te: (key: string) => boolean): string {
  const named = (fates: readonly string[]): string =>
    fieldNames(entry, schema, Object.entries(entry.fields ?? {}).filter(([, fate]) => fates.includes(fate)).map(([name]) => name))
  if (entry.returned !== null) return t('sync.why.returned', { reason: entry.returned })
  if (entry.resolution !== null) {
    const { choice, field, reason, by, at } = entry.resolution
    const params = { field: fieldNames(entry, schema, [field]), value: valueWords(entry.type, field, entry.resolution.value, schema, t), by: by.name, reason }
    return t(`sync.why.resolved_${choice}`, params) + t('sync.why.decided_by', { by: by.name, time: dayAndTime(at) }) + (reason ? t('sync.why.reason', { reason }) : '')
  }
  switch (entry.outcome) {
    case 'conflict':
      return t('sync.why.conflict', { fields: named(['case']) || fieldNames(entry, schema, Object.keys(entry.body.set ?? {})) })
    case 'merged':
      return ['joined', 'replaced', 'kept']
        .map((fate) => (named([fate]) === '' ? '' : t(`sync.why.${fate}`, { fields: named([fate]) })))
        .join('')
    case 'held':
    case 'lost':
      return t(`sync.why.${entry.outcome}`)
    case 'rejected':
      if (entry.error?.field) return t('sync.why.rejected', { field: fieldNames(entry, schema, [entry.error.field]) })
      return t('sync.why.rejected_other', { message: te(`sync.refusal.${entry.error?.code}`) ? t(`sync.refusal.${entry.error?.code}`) : (entry.error?.message ?? '') })
    default:
      return ''
  }
}
