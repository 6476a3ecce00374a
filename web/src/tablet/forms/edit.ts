// Editing a household's or a member's fields: a form drawn from the schema, sent as
// the patch of what was changed; and a member met for the first time.
import { createOp, patchOp, type Making, type Opened } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { Commit, Store } from '@/store/store'
import type { Values } from '@/sync/wire'
import { equal } from '@/sync/values'
import { dayFault, faultsOf, type Fault } from './validate'
import { personFaults } from './person'

export interface EditForm {
  opened: Opened
  household: string
  /** A record that does not exist yet. */
  creates: boolean
  now: Values
  /** How a new member came into the family, where that is news: reported with it. */
  joined: { kind: string; on: string | null; report: string } | null
}

export async function freshEdit(store: Store, type: string, id: string): Promise<EditForm> {
  const entry = await store.records.get(type, id)
  if (entry === undefined) throw new Error(`edit: no ${type} ${id}`)
  const household = type === 'households' ? id : String(entry.record.household ?? '')
  return { opened: { type, id, rev: entry.rev, was: entry.record }, household, creates: false, now: {}, joined: null }
}

export const freshMember = (making: Making, household: string, joined: EditForm['joined'] = null): EditForm => ({
  opened: { type: 'members', id: making.newId(), rev: 0, was: {} },
  household,
  creates: true,
  now: { household, alive: true, death_date: null, ...(joined?.kind === 'birth' ? { id_kind: 'birth', birth_date: joined.on } : { id_kind: 'resident' }) },
  joined,
})

export const valueOf = (form: EditForm, name: string): Values[string] =>
  (name in form.now ? form.now[name] : form.opened.was[name]) ?? null

/** Fields that differ from what the form was opened with. */
export const changedFields = (form: EditForm): string[] =>
  Object.keys(form.now).filter((name) => !equal(form.now[name], form.opened.was[name]))

export function editFaults(schema: Schema, form: EditForm, shown: readonly string[], today: string): Record<string, Fault> {
  const names = form.creates ? [...new Set([...changedFields(form), ...shown])] : changedFields(form)
  const values = Object.fromEntries(names.map((name) => [name, form.now[name] ?? null]))
  if (form.opened.type === 'members') {
    const when = form.joined === null ? null : dayFault(form.joined.on, today)
    return { ...personFaults(schema, names, values, { ...form.opened.was, ...form.now }), ...(when && { joined_on: when }) }
  }
  return faultsOf(schema.types[form.opened.type]?.fields ?? {}, values)
}

/** The edit; a new member who joined is reported in the same commit, after the member. */
export function editCommit(schema: Schema, making: Making, form: EditForm, draft: string): Commit {
  const { household, joined, opened } = form
  const { type, id } = opened
  const body = form.creates ? createOp(making, type, id, form.now) : patchOp(making, schema, opened, form.now)
  const bodies = body === null ? [] : [body]
  if (form.creates && joined !== null) {
    bodies.push(createOp(making, 'status_changes', joined.report, { household, member: id, kind: joined.kind, happened_on: joined.on }))
  }
  return { ops: bodies.map((made) => ({ body: made, household })), draft }
}
