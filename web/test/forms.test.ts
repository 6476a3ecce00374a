// The forms' own rules, without a screen: what they become as ops, what they refuse.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createOp, patchOp, type Making, type Opened } from '../src/sync/compose'
import type { Field, Schema } from '../src/sync/schema'
import { changedFields, editCommit, editFaults, freshEdit, freshMember } from '../src/tablet/forms/edit'
import { birthOf, readIdNumber, sexOf } from '../src/tablet/forms/idnumber'
import { openDraft } from '../src/tablet/forms/draft'
import { freshStatus, statusCommit, statusFaults } from '../src/tablet/forms/status'
import { faultOf } from '../src/tablet/forms/validate'
import { freshVisit, visitCommit, visitFaults, type VisitForm } from '../src/tablet/forms/visit'
import { runOnce } from '../src/sync/run'
import { FakeServer } from './fake-server'
import { testSchema } from './schema'
import { tablet, testId, type Tablet } from './tablet'

const making: Making = { now: () => 1_780_000_000_000, newId: testId }
const field = (more: Partial<Field>): Field => ({ type: 'text', label: '项', policy: 'latest', write: true, group: null, options: null, ...more })

describe('patches', () => {
  const opened: Opened = { type: 'households', id: 'h', rev: 7, was: { phone: '1', state: 'active', needs: ['a'], remarks: [{ id: 'r1' }] } }

  it('hold only what was changed, with what the author saw', () => {
    const body = patchOp(making, testSchema, opened, { phone: ' 2 ', address: '', needs: ['a'] })
    expect(body).toMatchObject({ kind: 'patch', base: 7, record: 'h', set: { phone: '2' }, was: { phone: '1' } })
    expect(Object.keys(body?.set ?? {})).toEqual(['phone'])
  })

  it('are none where nothing was changed', () => {
    expect(patchOp(making, testSchema, opened, { phone: '1', address: null, needs: ['a'] })).toBeNull()
    expect(patchOp(making, testSchema, { ...opened, was: {} }, { needs: [] })).toBeNull()
  })

  it('carry all fields of a group', () => {
    const body = patchOp(making, testSchema, opened, { state: 'closed' })
    expect(body).toMatchObject({ set: { state: 'closed', state_reason: null }, was: { state: 'active', state_reason: null } })
  })

  it('append only the new items', () => {
    const body = patchOp(making, testSchema, opened, { remarks: [{ id: 'r1' }, { id: 'r2' }] })
    expect(body?.set).toEqual({ remarks: [{ id: 'r2' }] })
  })

  it('leave out what is empty when a record is created', () => {
    expect(createOp(making, 'visits', 'v', { outcome: 'met', met: '', changes: [], place: null }).set).toEqual({ outcome: 'met' })
  })
})

describe('checks', () => {
  const golden = JSON.parse(readFileSync(new URL('../../docs/vectors/idnumber.json', import.meta.url), 'utf8')) as {
    cases: { name: string; in: string; number?: string; birth?: string; sex?: string; fault?: string }[]
  }

  it.each(golden.cases)('read ID numbers as the server does: $name', ({ in: typed, number, birth, sex, fault }) => {
    const read = readIdNumber(typed)
    expect(read).toEqual(fault ? { number: null, fault: fault.replace('idnumber_', '') } : { number, fault: null })
    if (read.number !== null) expect([birthOf(read.number), sexOf(read.number)]).toEqual([birth, sex])
  })

  it.each([
    [field({ required: true }), 'x', '', 'fault.required'],
    [field({ max: 2 }), 'x', '三个字', 'fault.too_long'],
    [field({}), 'phone', 'abc', 'fault.phone'],
    [field({ type: 'number', high: 10 }), 'x', 11, 'fault.too_great'],
    [field({ type: 'number' }), 'x', -1, 'fault.too_small'],
    [field({ type: 'number' }), 'x', '12a', 'fault.number'],
    [field({ masked: true }), 'id_number', '37**46', 'fault.masked'],
    [field({ type: 'date' }), 'x', 'soon', 'fault.date'],
  ])('refuse %#', (wanted, name, value, key) => {
    expect(faultOf(wanted, name, value)?.key).toBe(key)
  })

  it('take what is good', () => {
    expect(faultOf(field({ type: 'number', high: 10 }), 'x', 0)).toBeNull()
    expect(faultOf(field({}), 'phone', '0532-8222 1234')).toBeNull()
    expect(faultOf(field({ max: 2 }), 'x', null)).toBeNull()
  })
})

async function village(): Promise<{ on: Tablet; household: string; member: string; task: string }> {
  const server = new FakeServer()
  const [household, member, task] = [testId(), testId(), testId()]
  server.put('households', household, { head_name: '王', monthly_income: 3000, last_visited: '2026-01-01', needs: ['money'] })
  server.put('members', member, { household, name: '王', alive: true })
  server.put('tasks', task, { household, kind: 'visit', title: '走访', state: 'open' })
  const on = tablet(server)
  expect((await runOnce(on.context)).problem).toBeNull()
  return { on, household, member, task }
}

const schema: Schema = {
  ...testSchema,
  types: {
    ...testSchema.types,
    tasks: {
      label: '任务',
      fields: { state: field({ group: 'progress' }), result: field({ group: 'progress' }), visit: field({ group: 'progress' }) },
    },
  },
}

describe('the visit', () => {
  const opsOf = (form: VisitForm): Record<string, unknown>[] =>
    visitCommit(schema, making, form, 'd').ops.map(({ body }) => ({ op: `${body.kind} ${body.type}`, ...body.set }))

  it('asks whether anything changed, and takes "no change" with nothing else', async () => {
    const { on, household, task } = await village()
    const form = await freshVisit(on.store, making, household, { today: '2026-05-01', role: 'worker' })
    expect(visitFaults(schema, form, '2026-05-01')?.form?.key).toBe('fault.changed')
    form.changed = false
    expect(visitFaults(schema, form, '2026-05-01')).toBeNull()
    expect(opsOf(form)).toEqual([
      expect.objectContaining({ op: 'create visits', kind: 'routine', outcome: 'met', household, task }),
      { op: 'patch households', last_visited: '2026-05-01' },
      expect.objectContaining({ op: 'patch tasks', state: 'done', visit: form.visit, result: null }),
    ])
  })

  it('sends an edit only while its item is ticked', async () => {
    const { on, household } = await village()
    const form = await freshVisit(on.store, making, household, { today: '2026-05-01', role: 'worker' })
    form.tasks = []
    form.changed = true
    form.householdNow = { monthly_income: 900 }
    expect(visitFaults(schema, form, '2026-05-01')?.form?.key).toBe('fault.changes')
    form.changes = ['income']
    expect(opsOf(form)).toContainEqual({ op: 'patch households', monthly_income: 900, last_visited: '2026-05-01' })
    form.changes = ['housing']
    expect(opsOf(form)).toContainEqual({ op: 'patch households', last_visited: '2026-05-01' })
  })

  it('records an attempt that met nobody without touching the register', async () => {
    const { on, household } = await village()
    const form = await freshVisit(on.store, making, household, { today: '2026-05-01', role: 'social' })
    Object.assign(form, { outcome: 'nobody_home', changed: true, changes: ['income'], householdNow: { monthly_income: 1 }, tasks: [] })
    expect(visitFaults(schema, form, '2026-05-01')).toBeNull()
    const visit = { op: 'create visits', household, kind: 'follow_up', visited_on: '2026-05-01', outcome: 'nobody_home' }
    expect(opsOf(form)).toEqual([visit])
  })

  it('never sets the last visit back', async () => {
    const { on, household } = await village()
    const form = await freshVisit(on.store, making, household, { today: '2025-12-01', role: 'worker' })
    Object.assign(form, { changed: false, tasks: [] })
    expect(opsOf(form).map(({ op }) => op)).toEqual(['create visits'])
  })
})

describe('status changes and edits', () => {
  it('want a kind, and a member where one is concerned', () => {
    const form = freshStatus(making, 'h', '2026-05-01', '')
    expect(statusFaults(form, '2026-05-01')).toHaveProperty('kind')
    form.kind = 'death'
    expect(statusFaults(form, '2026-05-01')).toHaveProperty('member')
    form.kind = 'disaster'
    form.happenedOn = '2026-05-02'
    expect(statusFaults(form, '2026-05-01')).toHaveProperty('happened_on')
    form.happenedOn = '2026-04-30'
    expect(statusFaults(form, '2026-05-01')).toEqual({})
  })

  it('report, and do not write the register', () => {
    const form = { ...freshStatus(making, 'h', '2026-05-01', 'death'), member: 'm', amount: 5 }
    const { ops } = statusCommit(making, form, 'd')
    expect(ops.map(({ body }) => [body.type, body.kind])).toEqual([['status_changes', 'create']])
    expect(ops[0]?.body.set).toEqual({ household: 'h', member: 'm', kind: 'death', happened_on: '2026-05-01' })
  })

  it('send an edit as the patch of what was changed, and nothing for nothing', async () => {
    const { on, household } = await village()
    const form = await freshEdit(on.store, 'households', household)
    expect(editCommit(schema, making, form, 'd').ops).toEqual([])
    form.now = { phone: '13800138000', head_name: '王' }
    expect(changedFields(form)).toEqual(['phone'])
    expect(editFaults(schema, form, ['phone'], '2026-05-01')).toEqual({})
    expect(editCommit(schema, making, form, 'd').ops[0]?.body.set).toEqual({ phone: '13800138000' })
  })

  it('create a new member with its household', () => {
    const form = freshMember(making, 'h')
    form.now = { ...form.now, name: '小明' }
    const [made] = editCommit(schema, making, form, 'd').ops
    expect(made).toMatchObject({ household: 'h', body: { kind: 'create', type: 'members', base: 0, set: { household: 'h', name: '小明' } } })
  })
})

describe('drafts', () => {
  const place = { id: 'd1', kind: 'visit', household: 'h' }

  it('of an older app are completed with what forms have gained since', async () => {
    const on = tablet(new FakeServer())
    await on.store.drafts.save({ ...place, updated: 1, body: { text: '旧版写的' } })
    const open = (fresh: () => Promise<{ text: string; list: string[] }>) => openDraft(on.store, place, fresh, () => 1)
    expect((await open(async () => ({ text: '', list: ['new'] }))).form).toEqual({ text: '旧版写的', list: ['new'] })
    expect((await open(() => Promise.reject(new Error('the household left')))).form).toEqual({ text: '旧版写的' })
  })

  it('are kept at each keystroke, come back after a reload, several at once, and end with the form', async () => {
    const on = tablet(new FakeServer())
    const now = (): number => 1
    const one = await openDraft(on.store, place, async () => ({ text: '', list: [] as string[] }), now)
    const two = await openDraft(on.store, { ...place, id: 'd2' }, async () => ({ text: '' }), now)
    expect(await on.store.drafts.list()).toEqual([])
    for (const letter of '没写完') one.form.text += letter
    one.form.list.push('a')
    two.form.text = '另一份'
    expect([one.kept.value, two.kept.value]).toEqual([false, false])
    await Promise.all([one.saved(), two.saved()])
    expect([one.kept.value, two.kept.value]).toEqual([true, true])
    expect(await on.store.drafts.list()).toHaveLength(2)
    const again = await openDraft(on.store, place, async () => ({ text: 'fresh', list: [] as string[] }), now)
    expect(again).toMatchObject({ resumed: true, form: { text: '没写完', list: ['a'] } })
    await again.discard()
    expect((await on.store.drafts.list()).map((draft) => draft.id)).toEqual(['d2'])
  })

  it('end with the commit, whatever is typed meanwhile, and stay when it fails', async () => {
    const on = tablet(new FakeServer())
    const draft = await openDraft(on.store, place, async () => ({ text: '' }), () => 1)
    draft.form.text = 'a'
    const failing = draft.endWith(async () => {
      throw new Error('quota')
    })
    await expect(failing).rejects.toThrow('quota')
    await draft.saved()
    expect(await on.store.drafts.list()).toHaveLength(1)
    await draft.endWith(async () => {
      draft.form.text = 'ab'
      await on.store.drafts.drop(place.id)
      draft.form.text = 'abc'
    })
    await draft.saved()
    expect(await on.store.drafts.list()).toEqual([])
  })

  it('say so when the device could not keep them', async () => {
    const on = tablet(new FakeServer())
    const draft = await openDraft(on.store, place, async () => ({ text: '' }), () => 1)
    on.store.close()
    draft.form.text = 'x'
    await draft.saved()
    expect(draft.failed.value).toBe(true)
  })
})
