// The forms of fieldwork besides the visit: what they become as ops, what they refuse.
import { describe, expect, it } from 'vitest'
import type { Making } from '../src/sync/compose'
import { runOnce } from '../src/sync/run'
import type { Field, Schema } from '../src/sync/schema'
import { followupList } from '../src/tablet/data/followups'
import type { HouseholdLine } from '../src/tablet/data/village'
import { applicationCommit, applicationFaults, freshApplication } from '../src/tablet/forms/application'
import { anyTabDirty, dirtyHere, dirtyLock, markClean, markDirty, type FormLocks } from '../src/tablet/forms/dirty'
import { openDraft } from '../src/tablet/forms/draft'
import { peopleOf, readNumbers, twinsOf, type KnownPerson } from '../src/tablet/forms/duplicates'
import { editCommit, editFaults, freshMember } from '../src/tablet/forms/edit'
import { followupCommit, followupFaults, freshFollowup } from '../src/tablet/forms/followup'
import { addOther, freshHousehold, householdCommit, householdFaults } from '../src/tablet/forms/household'
import { draftHead, draftPath } from '../src/tablet/forms/paths'
import { enteredPerson, setPerson } from '../src/tablet/forms/person'
import type { PictureRef } from '../src/tablet/forms/picture'
import { freshSupplement, supplementCommit, supplementFaults, supplementsOf } from '../src/tablet/forms/supplement'
import { freshVisit, visitCommit, visitFaults } from '../src/tablet/forms/visit'
import { visitKinds } from '../src/tablet/forms/visit-kinds'
import { FakeServer } from './fake-server'
import { testSchema } from './schema'
import { tablet, testId, type Tablet } from './tablet'

const making: Making = { now: () => 1_780_000_000_000, newId: testId }
const today = '2026-05-01'
const field = (more: Partial<Field> = {}): Field => ({ type: 'text', label: '项', policy: 'latest', write: true, group: null, options: null, ...more })
const picture = (): PictureRef => ({ id: testId(), sha256: 'a'.repeat(64), bytes: 9, width: 3, height: 3, takenAt: '2026-05-01T00:00:00.000Z', filetype: 'image/png' })
const number = '11010519491231002X'

const schema: Schema = {
  ...testSchema,
  types: {
    ...testSchema.types,
    members: { label: '成员', fields: { name: field({ required: true, policy: 'review' }), id_number: field({ masked: true }), birth_date: field({ type: 'date' }) } },
    tasks: { label: '任务', fields: { state: field({ group: 'progress' }), result: field({ group: 'progress' }), visit: field({ group: 'progress' }) } },
  },
}

interface Home {
  on: Tablet
  household: string
  member: string
  visit: string
  task: string
}

async function home(): Promise<Home> {
  const server = new FakeServer()
  const [household, member, visit, task] = [testId(), testId(), testId(), testId()]
  server.put('households', household, { head_name: '王', monthly_income: 3000 })
  server.put('members', member, { household, name: '王', birth_date: '1949-12-31', alive: true, relation: '02' })
  server.put('visits', visit, { household, visited_on: '2026-04-01', outcome: 'met', supplements: [{ id: 's1', at: '2026-04-02T00:00:00.000Z', by: '李', text: '旧的' }] })
  server.put('tasks', task, { household, kind: 'verify', title: '核实收入', state: 'open' })
  const on = tablet(server)
  expect((await runOnce(on.context)).problem).toBeNull()
  return { on, household, member, visit, task }
}

const kinds = (ops: { body: { kind: string; type: string } }[]): string[] => ops.map(({ body }) => `${body.kind} ${body.type}`)

describe('kinds of visit', () => {
  it('follow from the role, and from what is to be verified', () => {
    expect(visitKinds('worker', [])).toEqual(['routine'])
    expect(visitKinds('worker', ['verify'])).toEqual(['routine', 'verification'])
    expect(visitKinds('social', [])).toEqual(['follow_up'])
    expect(visitKinds('town', [])).toEqual(['routine', 'investigation'])
  })

  it('a verification answers its task with what was found', async () => {
    const { on, household, task } = await home()
    const form = await freshVisit(on.store, making, household, { today, role: 'worker', task })
    expect(form.kind).toBe('verification')
    Object.assign(form, { changed: false, conclusion: '收入属实' })
    expect(visitFaults(schema, form, today)).toBeNull()
    const ops = visitCommit(schema, making, form, 'd').ops
    expect(ops[0]?.body.set).toMatchObject({ kind: 'verification', task })
    expect(ops.at(-1)?.body).toMatchObject({ type: 'tasks', set: { state: 'done', visit: form.visit, result: '收入属实' } })
    form.tasks.forEach((open) => (open.done = false))
    expect(visitFaults(schema, form, today)?.kind?.key).toBe('fault.task')
  })

  it('an investigation names two of the staff, not one twice', async () => {
    const { on, household } = await home()
    const form = await freshVisit(on.store, making, household, { today, role: 'town', name: '孙' })
    Object.assign(form, { kind: 'investigation', changed: false, visitors: ['孙', ' 孙 '] })
    expect(visitFaults(schema, form, today)?.kind?.key).toBe('fault.visitors')
    form.visitors = ['孙', '钱']
    expect(visitFaults(schema, form, today)).toBeNull()
    expect(visitCommit(schema, making, form, 'd').ops[0]?.body.set?.visitors).toEqual(['孙', '钱'])
    form.visitedOn = null
    expect(visitFaults(schema, form, today)?.day?.key).toBe('fault.date')
  })
})

describe('a supplement', () => {
  it('is appended with its author, once, and carries its pictures', async () => {
    const { on, household, visit } = await home()
    const form = await freshSupplement(on.store, making, 'visits', visit)
    expect(supplementFaults(form)?.text.key).toBe('fault.supplement')
    form.text = ' 更正：900 元 '
    form.photos = [picture()]
    expect(supplementFaults(form)).toBeNull()
    const commit = supplementCommit(schema, making, form, '赵', 'd')
    expect(kinds(commit.ops)).toEqual(['patch visits', 'create photos'])
    const entry = { id: form.entry, at: '2026-05-28T20:26:40.000Z', by: '赵', text: '更正：900 元' }
    expect(commit.ops[0]).toMatchObject({ household, body: { record: visit, set: { supplements: [entry] } } })
    expect(commit.ops[1]?.body.set).toMatchObject({ owner_type: 'visits', owner: visit })
    await on.store.commit({ ops: commit.ops })
    const shown = supplementsOf((await on.store.records.get('visits', visit))?.record.supplements)
    expect(shown.map((item) => item.text)).toEqual(['旧的', '更正：900 元'])
  })

  it('is of a record that takes one', async () => {
    const { on, member } = await home()
    await expect(freshSupplement(on.store, making, 'members', member)).rejects.toThrow('no members')
  })
})

describe('a follow-up', () => {
  it('goes on with the goal, and wants a service and a later date', async () => {
    const { on, household } = await home()
    const form = await freshFollowup(on.store, making, household, today)
    form.nextOn = today
    expect(Object.keys(followupFaults(form, today) ?? {}).sort()).toEqual(['next_on', 'service'])
    Object.assign(form, { service: 'counsel', goal: '按时复诊', result: '已陪诊', nextOn: '2026-05-15' })
    expect(followupFaults(form, today)).toBeNull()
    const { ops } = followupCommit(making, form, 'd')
    expect(ops[0]?.body.set).toEqual({ household, served_on: today, service: 'counsel', goal: '按时复诊', result: '已陪诊', next_on: '2026-05-15' })
    await on.store.commit({ ops })
    expect(await freshFollowup(on.store, making, household, today)).toMatchObject({ service: 'counsel', goal: '按时复诊', result: '' })
  })

  it('is due by the date that the newest one set', () => {
    const line = (id: string): HouseholdLine => ({ id, head: id, closed: false }) as HouseholdLine
    const entry = (household: string, servedOn: string, nextOn?: string) => ({ type: 'followups', id: testId(), rev: 1, pending: 0, record: { household, served_on: servedOn, ...(nextOn && { next_on: nextOn }) } })
    const followups = [
      entry('late', '2026-03-01', '2026-04-01'),
      entry('met', '2026-03-01', '2026-04-01'),
      entry('met', '2026-04-02', '2026-05-20'),
      entry('today', '2026-04-01', today),
      entry('loose', '2026-04-01'),
    ]
    const list = followupList(['never', 'loose', 'today', 'met', 'late'].map(line), followups, today)
    expect(list.due.map((item) => [item.line.id, item.days])).toEqual([['late', -30], ['today', 0]])
    expect(list.later.map((item) => [item.line.id, item.days])).toEqual([['met', 19]])
    expect(list.open.map((item) => item.line.id)).toEqual(['never', 'loose'])
  })
})

describe('an application', () => {
  it('wants reason, consents and a signature of whoever signs', async () => {
    const { on, household, member } = await home()
    const form = await freshApplication(on.store, making, household, today)
    expect(form.applicant).toBe(member)
    expect(Object.keys(applicationFaults(schema, form, today) ?? {}).sort()).toEqual(['honesty_1', 'reason', 'signature', 'verification_1'])
    Object.assign(form, { reason: '住院', consents: ['honesty_1', 'verification_1'], applicantSignature: picture() })
    expect(applicationFaults(schema, form, today)).toBeNull()
    form.byProxy = true
    expect(Object.keys(applicationFaults(schema, form, today) ?? {}).sort()).toEqual(['proxy', 'signature'])
  })

  it('is one commit: itself, the signatures, and the declared figures for review', async () => {
    const { on, household, member } = await home()
    const form = await freshApplication(on.store, making, household, today)
    const [signature, paper] = [picture(), picture()]
    Object.assign(form, { reason: '住院', consents: ['honesty_1', 'verification_1'], byProxy: true, proxy: '王大山', proxyRelation: '儿子', proxySignature: signature, photos: [paper] })
    form.householdNow = { monthly_income: 900 }
    const commit = applicationCommit(schema, making, form, { applicant: '本人', proxy: '代签' }, 'd')
    expect(kinds(commit.ops)).toEqual(['create applications', 'create photos', 'create photos', 'patch households'])
    expect(commit.ops[0]?.body.set).toMatchObject({ household, applicant: member, applied_on: today, proxy: '王大山', proxy_relation: '儿子', signatures: [signature.id] })
    expect(commit.ops[1]?.body.set).toMatchObject({ owner_type: 'applications', caption: '代签' })
    expect(commit.ops[3]?.body.set).toEqual({ monthly_income: 900 })
    expect(commit.photos?.ids).toEqual([signature.id, paper.id])
  })
})

describe('a household found on the doorstep', () => {
  const village = { code: '370281102200', name: '北辛庄', urban: false }

  it('goes in the order household, head, others, under the form\'s own id', () => {
    const id = testId()
    const form = freshHousehold(making, id, [village])
    expect(form.values).toEqual({ region: village.code, urban: false })
    expect(Object.keys(householdFaults(schema, form)?.people ?? {})).toEqual([form.head.id])
    form.head.values = setPerson({ ...form.head.values, name: '程新来' }, 'id_number', '110105491231002').values
    addOther(making, form)
    form.others[0]!.values = { id_kind: 'resident', name: '程小来' }
    expect(householdFaults(schema, form)).toBeNull()
    const { ops } = householdCommit(making, form, id)
    expect(kinds(ops)).toEqual(['create households', 'create members', 'create members'])
    expect(ops.map((op) => op.household)).toEqual([id, id, id])
    expect(ops[0]?.body).toMatchObject({ record: id, set: { head_name: '程新来', region: village.code } })
    expect(ops[1]?.body.set).toEqual({ household: id, alive: true, id_kind: 'resident', relation: '02', name: '程新来', id_number: number, birth_date: '1949-12-31', sex: '2' })
    expect(ops[2]?.body.set).toEqual({ household: id, alive: true, name: '程小来' })
  })

  it('wants a village where there are several, and no number twice', () => {
    const form = freshHousehold(making, testId(), [village, { ...village, code: '370281102201' }])
    form.head.values = { name: '甲', id_kind: 'resident', id_number: number }
    addOther(making, form)
    form.others[0]!.values = { name: '乙', id_kind: 'resident', id_number: '110105 491231002' }
    const faults = householdFaults(schema, form)
    expect(faults?.values.region?.key).toBe('fault.region')
    expect(Object.values(faults?.people ?? {}).map((person) => person.id_number?.key)).toEqual(['fault.same_number', 'fault.same_number'])
  })

  it('asks GB 11643 of a resident\'s ID card alone', () => {
    const form = freshHousehold(making, testId(), [village])
    form.head.values = { name: '甲', id_kind: 'passport', id_number: 'E12345678' }
    expect(householdFaults(schema, form)).toBeNull()
    form.head.values = { ...form.head.values, id_kind: 'resident' }
    expect(householdFaults(schema, form)?.people[form.head.id]?.id_number?.key).toBe('fault.id_number.length')
  })

  it('is found again by its draft', () => {
    const draft = { id: 'd', kind: 'household', household: 'd', body: { head: { values: { name: '程' } } } }
    expect([draftPath(draft), draftHead(draft)]).toEqual(['/households/new/d', '程'])
    expect(draftPath({ id: 'supplement-v', kind: 'supplement', household: 'h', body: { opened: { type: 'visits', id: 'v' } } })).toBe('/households/h/supplement/visits/v/supplement-v')
  })
})

describe('a new member', () => {
  it('who joined is reported in the same commit, after the member', () => {
    const form = freshMember(making, 'h', { kind: 'birth', on: today, report: testId() })
    form.now.name = '小满'
    expect(editFaults(schema, form, ['name'], today)).toEqual({})
    const { ops } = editCommit(schema, making, form, 'd')
    expect(kinds(ops)).toEqual(['create members', 'create status_changes'])
    expect(ops[1]?.body.set).toEqual({ household: 'h', member: form.opened.id, kind: 'birth', happened_on: today })
    form.joined!.on = '2026-05-02'
    expect(editFaults(schema, form, ['name'], today).joined_on?.key).toBe('fault.future')
  })
})

describe('the same person', () => {
  const known = (more: Partial<KnownPerson>): KnownPerson => ({ id: testId(), household: 'h', name: '王', birth: '1949-12-31', number: '', ...more })
  const likeness = (people: KnownPerson[], entered: Parameters<typeof twinsOf>[1]): string[] => twinsOf(people, entered).map((twin) => twin.likeness)

  it('is sought by number, then by name and birth date; a namesake is a hint', () => {
    const people = [known({ name: '李', birth: '' }), known({ birth: '' }), known({}), known({ number })]
    expect(likeness(people, { name: '王', birth: '1949-12-31', number })).toEqual(['number', 'birth', 'name'])
    expect(likeness(people, { name: '王', birth: '1950-01-01', number: '' })).toEqual(['name'])
    expect(likeness(people, { name: '', birth: '1949-12-31', number: '' })).toEqual([])
  })

  it('is known by number only where this device has it in full', async () => {
    const { on, household } = await home()
    const form = freshMember(making, household)
    form.now = { ...form.now, name: '甲', id_number: number }
    await on.store.commit(editCommit(schema, making, form, 'd'))
    const numbers = await readNumbers(on.store)
    expect([...numbers]).toEqual([[form.opened.id, number]])
    const line = { id: household, members: [{ id: form.opened.id, name: '甲', birthDate: '' }] } as unknown as HouseholdLine
    expect(twinsOf(peopleOf([line], numbers), enteredPerson({ name: '乙', id_number: '110105491231002' })).map((twin) => twin.household)).toEqual([household])
  })
})

describe('a dirty form', () => {
  /** Locks of one browser, as two tabs see them. */
  function locks(): FormLocks {
    const held: { name: string }[] = []
    return {
      request: async (name, _options, run) => {
        const mine = { name }
        held.push(mine)
        await run()
        held.splice(held.indexOf(mine), 1)
      },
      query: async () => ({ held: [...held] }),
    }
  }

  it('is one in which something is entered, until it is left with all on disk', async () => {
    const on = tablet(new FakeServer())
    const draft = await openDraft(on.store, { id: 'd-dirty', kind: 'visit', household: 'h' }, async () => ({ text: '' }), () => 1)
    expect(dirtyHere.value).toBe(false)
    draft.form.text = 'x'
    expect(dirtyHere.value).toBe(true)
    await draft.leave()
    expect(dirtyHere.value).toBe(false)
    expect(await on.store.drafts.list()).toHaveLength(1)
    draft.form.text = 'xy'
    expect(dirtyHere.value).toBe(true)
    await draft.discard()
    expect(dirtyHere.value).toBe(false)
  })

  it('that could not be kept stays dirty when it is left', async () => {
    const on = tablet(new FakeServer())
    const draft = await openDraft(on.store, { id: 'd-lost', kind: 'visit', household: 'h' }, async () => ({ text: '' }), () => 1)
    on.store.close()
    draft.form.text = 'x'
    await draft.leave()
    expect(dirtyHere.value).toBe(true)
    markClean('d-lost')
  })

  it('is known in every tab until it is saved, thrown away or left', async () => {
    const shared = locks()
    expect(await anyTabDirty(shared)).toBe(false)
    let end = (): void => {}
    const other = shared.request(dirtyLock, { mode: 'shared' }, () => new Promise((resolve) => (end = resolve)))
    expect(await anyTabDirty(shared)).toBe(true)
    end()
    await other
    expect(await anyTabDirty(shared)).toBe(false)
    markDirty('form', shared)
    expect((await shared.query()).held).toHaveLength(1)
    expect(await anyTabDirty(shared)).toBe(true)
    markClean('form')
    await Promise.resolve()
    await Promise.resolve()
    expect(await anyTabDirty(shared)).toBe(false)
  })
})
