// Editing a household's or a member's fields: a form drawn from the schema, sent as
// the patch of what was changed; and a member met for the first time.
import { createOp, patchOp, type Making, type Opened } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { Commit, Store } from '@/store/store'
import type { Values } from '@/sync/wire'
import { equal } from '@/sync/values'
import { faultOf, faultsOf, type Fault } from './validate'

export interface EditForm {
  opened: Opened
  household: string
  /** A record that does not exist yet. */
  creates: boolean
  now: Values
}

export async function freshEdit(store: Store, type: string, id: string): Promise<EditForm> {
  const entry = await store.records.get(type, id)
  if (entry === undefined) throw new Error(`edit: no ${type} ${id}`)
  const household = type === 'households' ? id : String(entry.record.household ?? '')
  return { opened: { type, id, rev: entry.rev, was: entry.record }, household, creates: false, now: {} }
}

export const freshMember = (making: Making, household: string): EditForm => ({
  opened: { type: 'members', id: making.newId(), rev: 0, was: {} },
  household,
  creates: true,
  now: { household, id_kind: 'resident', alive: true, death_date: null },
})

export const valueOf = (form: EditForm, name: string): Values[string] =>
  (name in form.now ? form.now[name] : form.opened.was[name]) ?? null

/** Fields that differ from what the form was opened with. */
export const changedFields = (form: EditForm): string[] =>
  Object.keys(form.now).filter((name) => !equal(form.now[name], form.opened.was[name]))

export function editFaults(schema: Schema, form: EditForm, shown: readonly string[]): Record<string, Fault> {
  const fields = schema.types[form.opened.type]?.fields ?? {}
  const changed = Object.fromEntries(changedFields(form).map((name) => [name, form.now[name] ?? null]))
  const faults = faultsOf(fields, changed)
  if (form.creates) {
    for (const name of shown) {
      const field = fields[name]
      const fault = field && faultOf(field, name, form.now[name])
      if (fault) faults[name] = fault
    }
  }
  return faults
}

export function editCommit(schema: Schema, making: Making, form: EditForm, draft: string): Commit {
  const { type, id } = form.opened
  const body = form.creates ? createOp(making, type, id, form.now) : patchOp(making, schema, form.opened, form.now)
  return { ops: body === null ? [] : [{ body, household: form.household }], draft }
}
