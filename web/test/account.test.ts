// What a tablet owes its worker: an account of every edit, and nothing lost by clearing
// up, signing out, a full device or a forgotten checkpoint.
import { beforeEach, describe, expect, it } from 'vitest'
import { runOnce } from '../src/sync/run'
import { asProblem } from '../src/sync/problem'
import { plainCodec, type BodyCodec } from '../src/store/codec'
import { FakeServer } from './fake-server'
import { edit, op, patch, reload, tablet, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => {
  server = new FakeServer()
  one = tablet(server)
})

const synced = async (): Promise<void> => expect((await runOnce(one.context)).problem).toBeNull()

describe('the account of what was recorded', () => {
  it('says 148 recorded, 140 accepted, and of each of the other 8 why, also after all was read', async () => {
    const [here, gone] = [testId(), testId()]
    for (const id of [here, gone]) server.put('households', id, { phone: '1', monthly_income: 3000 })
    await synced()
    await edit(one, ...Array.from({ length: 140 }, () => op('create', 'visits', testId(), { household: here })))
    for (let at = 0; at < 3; at++) await patch(one, here, { phone: 'invalid' })
    for (let at = 0; at < 4; at++) await patch(one, gone, { phone: String(at) })
    const returned = await patch(one, here, { monthly_income: 900 })
    server.gone('households', gone, 'leave')
    await synced()
    const device = (await one.store.meta.get('device'))!.id
    server.later(device, { id: returned.id, outcome: 'applied', seq: server.seq, returned: '缺少证明' })
    await synced()
    const account = { recorded: 148, waiting: 0, reasons: { rejected: 3, held: 4, returned: 1 } }
    expect(await one.store.outbox.counts()).toEqual(account)
    await one.store.outbox.markSeen((await one.store.outbox.news()).map((entry) => entry.id))
    server.durableSeq = server.seq
    await synced()
    await synced()
    expect(await one.store.outbox.counts()).toEqual(account)
    const why = (await one.store.outbox.notAccepted(100)).map((entry) => entry.returned ?? entry.error?.field ?? entry.outcome)
    expect(why.sort()).toEqual(['held', 'held', 'held', 'held', 'phone', 'phone', 'phone', '缺少证明'].sort())
  })
})

describe('clearing up', () => {
  it('removes only what the server has acknowledged and a backup covers', async () => {
    await synced()
    await edit(one, op('create', 'visits', testId(), {}), op('create', 'visits', testId(), {}))
    await synced()
    server.durableSeq = server.seq - 1
    await synced()
    const [waiting] = await edit(one, op('create', 'visits', testId(), {}))
    await one.store.noteDurable(server.durableSeq)
    const left = (await one.store.outbox.entries(10)).map((entry) => entry.seq)
    expect(left).toEqual([null, server.seq])
    await one.store.noteDurable(server.seq + 100)
    expect((await one.store.outbox.entries(10)).map((entry) => entry.id)).toEqual([waiting!.id])
  })

  it('signing out and in again finds every edit that waits, and sends it', async () => {
    await synced()
    await edit(one, op('create', 'visits', testId(), {}))
    one = reload(server, one)
    expect(await one.store.outbox.waiting()).toBe(1)
    await synced()
    expect(server.pushed.flat()).toHaveLength(1)
  })
})

describe('a full device', () => {
  it('says so, takes nothing by halves, and keeps what was saved', async () => {
    let full = false
    const codec: BodyCodec = {
      ...plainCodec,
      encode: async (id, body) => {
        if (full && JSON.stringify(body).includes('last')) throw new DOMException('no room', 'QuotaExceededError')
        return plainCodec.encode(id, body)
      },
    }
    one = tablet(server, { codec })
    await synced()
    await edit(one, op('create', 'visits', testId(), { conclusion: 'first' }))
    full = true
    const form = [op('create', 'visits', testId(), { conclusion: 'middle' }), op('create', 'visits', testId(), { conclusion: 'last' })]
    const problem = await edit(one, ...form).then(() => null, asProblem)
    expect(problem?.code).toBe('quota')
    expect((await one.store.outbox.entries(10)).map((entry) => entry.body.set?.conclusion)).toEqual(['first'])
    full = false
    await edit(one, ...form)
    await synced()
    expect(server.pushed.flat().map((sent) => [sent.n, sent.set?.conclusion])).toEqual([[1, 'first'], [2, 'middle'], [3, 'last']])
  })
})

describe('the local checkpoint', () => {
  it('lost, costs a pull from the beginning, makes no duplicates and loses no edit', async () => {
    const ids = Array.from({ length: 30 }, testId)
    for (const id of ids) server.put('households', id, { phone: '1' })
    server.pageSize = 7
    await synced()
    await edit(one, op('create', 'visits', testId(), {}))
    await one.store.db.meta.delete('pull')
    await synced()
    expect(await one.store.db.base.where('[type+id]').between(['households', ''], ['households', '\uffff']).count()).toBe(30)
    expect(await one.store.outbox.waiting()).toBe(0)
    expect(server.pushed.flat()).toHaveLength(1)
    expect(await one.store.records.list('visits')).toHaveLength(1)
  })
})

describe('the first download', () => {
  it('survives three reloads, counts on, is usable early, and never holds more than a page', async () => {
    server.pageSize = 10
    const ids = Array.from({ length: 95 }, testId)
    for (const id of ids) server.put('households', id, { head_name: '甲' })
    const received: number[] = []
    for (let visit = 0; visit < 3; visit++) {
      let pages = 0
      server.fault = (_request, path) => (path.includes('/pull') && ++pages > 3 ? 'before' : null)
      expect((await runOnce(one.context)).problem?.code).toBe('unreachable')
      const pull = await one.store.meta.pull()
      received.push(pull.received)
      expect(pull.complete).toBe(false)
      // Usable early: what has come can be read, and worked on.
      expect(await one.store.records.list('households')).toHaveLength(pull.received)
      one = reload(server, one)
    }
    expect(received).toEqual([30, 60, 90])
    await patch(one, ids[0]!, { phone: '7' })
    server.fault = () => null
    await synced()
    expect(await one.store.meta.pull()).toMatchObject({ complete: true })
    expect(await one.store.records.list('households')).toHaveLength(95)
    expect(server.requests.filter((path) => path.includes('/pull')).length).toBeLessThan(20)
  })
})
