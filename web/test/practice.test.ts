// The practice village: whole, of the record types, in a store of its own whose
// device no server ever minted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Store } from '../src/store/store'
import { createOp } from '../src/sync/compose'
import type { Schema } from '../src/sync/schema'
import { seedPractice } from '../src/tablet/practice/seed'
import { complaintCommit, complaintFaults, freshComplaint } from '../src/tablet/forms/complaint'
import { readHousehold } from '../src/tablet/data/household'
import { asksOf } from '../src/tablet/data/asks'
import raw from '../src/tablet/practice/schema.json'

const schema = raw as unknown as Schema
const at = Date.parse('2026-11-25T02:00:00Z')
let ids = 0
const making = { now: () => at, newId: () => `0193a000-0000-7000-8000-${String(++ids).padStart(12, '0')}` }
const seeding = { ...making, schema, region: '370281999999' }
let store: Store
let runs = 0

beforeEach(() => {
  store = new Store({ name: `practice-${++runs}`, now: () => at })
})
afterEach(() => store.close())

describe('the practice village', () => {
  it('is ready at once: schema, households and what belongs to them', async () => {
    await seedPractice(store, seeding)
    expect((await store.meta.pull()).complete).toBe(true)
    const homes = await store.records.list('households')
    expect(homes.length).toBeGreaterThanOrEqual(5)
    for (const home of homes) {
      const page = await readHousehold(store, home.id)
      expect(page?.members.length).toBeGreaterThan(0)
      expect(page?.visits.length).toBeGreaterThan(0)
    }
    const pages = await Promise.all(homes.map((home) => readHousehold(store, home.id)))
    expect(pages.some((page) => page !== null && asksOf(page, '2026-11-25', String).length > 2)).toBe(true)
  })
  it('holds only fields and options that the record types have', async () => {
    await seedPractice(store, seeding)
    for (const [name, type] of Object.entries(schema.types)) {
      for (const { record } of await store.records.list(name)) {
        for (const [field, value] of Object.entries(record)) {
          if (field === 'id') continue
          expect(type.fields[field], `${name}.${field}`).toBeDefined()
          const options = type.fields[field]?.options
          for (const each of options ? [value].flat() : []) expect(options?.map((option) => option.value), `${name}.${field}`).toContain(each)
        }
      }
    }
  })
  it('goes on where it was left, and its device is one that no server minted', async () => {
    await seedPractice(store, seeding)
    const [home] = await store.records.list('households')
    await store.commit({ ops: [{ body: createOp(making, 'visits', making.newId(), { household: home?.id ?? '', kind: 'routine', visited_on: '2026-11-25', outcome: 'met' }), household: home?.id ?? '' }] })
    await seedPractice(store, seeding)
    expect((await readHousehold(store, home?.id ?? ''))?.visits[0]).toMatchObject({ pending: 1, record: { visited_on: '2026-11-25' } })
    expect((await store.records.list('households')).length).toBe(5)
    expect(await store.meta.get('device')).toMatchObject({ id: 'doorstep-practice' })
  })
})

describe('a complaint', () => {
  it('says what it lacks', () => {
    const form = freshComplaint(making, '', '2026-11-25')
    expect(complaintFaults(form)).toEqual({ kind: 'complaint.fault_kind', text: 'complaint.fault_text' })
    expect(complaintFaults({ ...form, kind: 'suggestion', text: '  路灯坏了 ' })).toBeNull()
  })
  it('becomes one op, without a household where it names none, and keeps no contact where no answer is wished', () => {
    const form = { ...freshComplaint(making, '', '2026-11-25'), kind: 'complaint', text: '补贴晚了', answerWished: 'no', contact: '138' }
    const { ops } = complaintCommit(making, form, 'draft')
    expect(ops).toHaveLength(1)
    expect(ops[0]?.body.set).toEqual({ kind: 'complaint', voice: 'resident', text: '补贴晚了', answer_wished: false, said_on: '2026-11-25' })
    expect(complaintCommit(making, { ...form, household: 'h' }, 'draft').ops[0]?.body.set).toMatchObject({ household: 'h' })
  })
})
