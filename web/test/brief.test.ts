import { beforeEach, describe, expect, it } from 'vitest'
import { resultsOf } from '../src/sync/brief'
import { createOp } from '../src/sync/compose'
import { runOnce } from '../src/sync/run'
import type { Op, PushAnswer } from '../src/sync/wire'
import { FakeServer } from './fake-server'
import { edit, op, patch, rows, serverAndTablet, synced, tablet, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => ({ server, one } = serverAndTablet()))

/** The same day's work: some taken plainly, one refused, one to a case. */
async function work(): Promise<void> {
  const ids = Array.from({ length: 6 }, testId)
  for (const id of ids) server.put('households', id, { phone: '1', monthly_income: 3000 })
  await synced(one)
  server.put('households', ids[4]!, { monthly_income: 2600 })
  for (const [at, id] of ids.entries()) {
    if (at === 4) await patch(one, id, { monthly_income: 900 })
    else await patch(one, id, { phone: at === 2 ? 'invalid' : '2' })
  }
  await synced(one)
}

describe('brief answers', () => {
  it('leave the outbox as full ones do', async () => {
    const told = async (): Promise<unknown> =>
      (await rows(one)).map(({ n, outcome, seq, stage, fields, case: opened, error, news }) => ({ n, outcome, seq, stage, fields, opened, error, news }))
    await work()
    const brief = await told()
    expect(server.answers.at(-1)?.applied?.map((run) => run.count)).toEqual([2, 1, 1])
    expect(server.answers.at(-1)?.results.map((result) => result.outcome)).toEqual(['rejected', 'conflict'])
    server = new FakeServer()
    server.options = []
    one = tablet(server)
    await work()
    expect(server.answers.at(-1)?.applied).toBeUndefined()
    expect(await told()).toEqual(brief)
  })

  it('give records back their id and revision', async () => {
    const [id, moved] = [testId(), testId()]
    server.put('households', id, { phone: '1' })
    server.put('households', moved, { phone: '2' })
    server.feed.push({ seq: ++server.seq, type: 'households', id: moved, kind: 'put' })
    await synced(one)
    expect(server.pages[0]?.changes[0]?.record).toEqual({ phone: '1' })
    const entry = await one.store.records.get('households', id)
    expect(entry).toMatchObject({ rev: 1, record: { id, rev: 1, phone: '1' } })
    // A line whose seq is another than the record's revision tells both.
    expect(await one.store.records.get('households', moved)).toMatchObject({ rev: 2, record: { rev: 2 } })
  })

  it('are not asked of a server that does not know them', async () => {
    server.options = []
    server.put('households', testId(), { phone: '1' })
    await synced(one)
    await edit(one, op('create', 'visits', testId(), {}))
    await synced(one)
    expect((await rows(one))[0]).toMatchObject({ outcome: 'applied' })
    expect(server.pages[0]?.changes[0]?.record).toHaveProperty('created')
  })

  it('tell of repeated ops, and of those issued again under a new device, alike', async () => {
    await synced(one)
    await edit(one, ...Array.from({ length: 3 }, () => op('create', 'visits', testId(), {})))
    server.fault = (_request, path) => (path.includes('/push') ? 'after' : null)
    await runOnce(one.context)
    server.fault = () => null
    await synced(one)
    expect(server.answers.at(-1)?.applied).toEqual([{ n: 1, count: 3, seq: 1 }])
    expect((await rows(one)).map((row) => [row.outcome, row.seq])).toEqual([['applied', 1], ['applied', 2], ['applied', 3]])
    await one.store.meta.set('device', { ...(await one.store.meta.get('device'))!, id: 'unknown' })
    await one.store.db.ops.toCollection().modify({ device: 'unknown' })
    await synced(one)
    expect((await rows(one)).map((row) => [row.n, row.outcome, row.seq])).toEqual([[1, 'applied', 1], [2, 'applied', 2], [3, 'applied', 3]])
    expect(server.records.size).toBe(3)
  })

  it('that name what was not sent are not believed', async () => {
    const sent = [{ n: 5, id: 'e' }, { n: 6, id: 'f' }] as Op[]
    const answer = (n: number, count: number): PushAnswer =>
      ({ epoch: '', server_time: '', next_n: 7, results: [], applied: [{ n, count, seq: 10 }] })
    expect(resultsOf(answer(5, 2), sent).map((result) => [result.id, result.seq])).toEqual([['e', 10], ['f', 11]])
    for (const wrong of [answer(4, 2), answer(6, 2), answer(5, 1e9)]) {
      expect(() => resultsOf(wrong, sent)).toThrow(/was not sent/)
    }
  })
})

it('makes ops whose time is in their id alone', () => {
  const made = createOp({ now: () => 1_780_000_000_000, newId: testId }, 'visits', testId(), { outcome: 'met' })
  expect(made).not.toHaveProperty('at')
  expect(parseInt(made.id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_780_000_000_000)
})
