import { beforeEach, describe, expect, it } from 'vitest'
import { runOnce } from '../src/sync/run'
import { Stage } from '../src/store/database'
import { FakeServer, problem } from './fake-server'
import { edit, op, patch, reload, tablet, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => {
  server = new FakeServer()
  one = tablet(server)
})

const view = async (on: Tablet, id: string, type = 'households') => (await on.store.records.get(type, id))?.record
const rows = (on: Tablet) => on.store.db.ops.orderBy('ord').toArray()
const synced = async (on: Tablet): Promise<void> => {
  const report = await runOnce(on.context)
  expect(report.problem).toBeNull()
}

describe('numbers and the outbox', () => {
  it('allots dense numbers to ops made at the same moment', async () => {
    await synced(one)
    await Promise.all(Array.from({ length: 20 }, () => edit(one, op('create', 'visits', testId(), { outcome: 'met' }))))
    expect((await rows(one)).map((row) => row.n)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  })

  it('uses up no number when the transaction fails', async () => {
    await synced(one)
    const [first] = await edit(one, op('create', 'visits', testId(), {}))
    const twin = { ...op('create', 'visits', testId(), {}), id: first!.id }
    await expect(edit(one, op('create', 'visits', testId(), {}), twin)).rejects.toThrow()
    await edit(one, op('create', 'visits', testId(), {}))
    expect((await rows(one)).map((row) => row.n)).toEqual([1, 2])
  })

  it('pushes everything in n order, and an op leaves the view only after the cursor passed it', async () => {
    const id = testId()
    server.put('households', id, { phone: '1', head_name: '王' })
    await synced(one)
    await patch(one, id, { phone: '2' })
    await patch(one, id, { address: '村东' })
    server.fault = (_request, path) => (path.includes('/pull') ? 'before' : null)
    expect((await runOnce(one.context)).problem?.code).toBe('unreachable')
    expect((await rows(one)).map((row) => row.stage)).toEqual([Stage.known, Stage.known])
    expect(await view(one, id)).toMatchObject({ phone: '2', address: '村东', head_name: '王' })
    server.fault = () => null
    await synced(one)
    expect((await rows(one)).map((row) => row.stage)).toEqual([Stage.past, Stage.past])
    expect(await view(one, id)).toMatchObject({ phone: '2', address: '村东' })
    expect(server.pushed.flat().map((sent) => sent.n)).toEqual([1, 2])
  })

  it('sends again what may not have arrived, and the effect stands once', async () => {
    const id = testId()
    server.put('households', id, { remarks: [] })
    await synced(one)
    await patch(one, id, { remarks: [{ id: 'a', text: '一' }] })
    server.fault = (_request, path) => (path.includes('/push') ? 'after' : null)
    await runOnce(one.context)
    expect((await rows(one))[0]).toMatchObject({ stage: Stage.open, sent: 1 })
    server.fault = () => null
    await synced(one)
    expect(server.records.get(`households/${id}`)?.record.remarks).toEqual([{ id: 'a', text: '一' }])
    expect((await rows(one))[0]).toMatchObject({ outcome: 'applied', stage: Stage.past })
  })

  it('keeps acknowledged ops until durable_seq passes them', async () => {
    const id = testId()
    await synced(one)
    await edit(one, op('create', 'households', id, { phone: '1' }))
    await synced(one)
    expect(await rows(one)).toHaveLength(1)
    server.durableSeq = server.seq - 1
    await synced(one)
    expect(await rows(one)).toHaveLength(1)
    server.durableSeq = server.seq
    await synced(one)
    expect(await rows(one)).toHaveLength(0)
    expect(await view(one, id)).toMatchObject({ phone: '1' })
  })

  it('splits a batch that the server finds too large, and continues', async () => {
    await synced(one)
    await edit(one, ...Array.from({ length: 40 }, () => op('create', 'visits', testId(), {})))
    server.maxOps = 7
    await synced(one)
    expect(server.pushed.flat().map((sent) => sent.n)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))
    expect(Math.max(...server.pushed.map((batch) => batch.length))).toBeLessThanOrEqual(7)
  })

  it('never sends more than 500 ops or 1 MiB compressed at once', async () => {
    await synced(one)
    const noise = (): string => Array.from({ length: 40_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join('')
    await edit(one, ...Array.from({ length: 60 }, () => op('create', 'visits', testId(), { outcome: noise() })))
    await edit(one, ...Array.from({ length: 700 }, () => op('create', 'visits', testId(), {})))
    await synced(one)
    expect(server.pushed.flat()).toHaveLength(760)
    for (const batch of server.pushed) {
      expect(batch.length).toBeLessThanOrEqual(500)
      expect(JSON.stringify(batch).length).toBeLessThan(1.5 * 1024 * 1024)
    }
  })

  it('keeps one refused edit among many with its reason', async () => {
    const ids = Array.from({ length: 5 }, testId)
    for (const id of ids) server.put('households', id, { phone: '1' })
    await synced(one)
    for (const [at, id] of ids.entries()) await patch(one, id, { phone: at === 2 ? 'invalid' : '2' })
    await synced(one)
    server.durableSeq = server.seq
    await synced(one)
    const left = await one.store.outbox.entries(10)
    expect(left.map((entry) => [entry.outcome, entry.error?.field])).toEqual([['rejected', 'phone']])
    expect(left[0]?.body.set).toEqual({ phone: 'invalid' })
    expect(await view(one, ids[2]!)).toMatchObject({ phone: '1' })
  })
})

describe('conflicts and what the server says later', () => {
  it('shows a conflict, and then the value of the server', async () => {
    const id = testId()
    server.put('households', id, { monthly_income: 3000 })
    await synced(one)
    server.put('households', id, { monthly_income: 2600 })
    await patch(one, id, { monthly_income: 900 })
    expect(await view(one, id)).toMatchObject({ monthly_income: 900 })
    await synced(one)
    expect(await view(one, id)).toMatchObject({ monthly_income: 2600 })
    const [entry] = await one.store.outbox.entries(1)
    expect(entry).toMatchObject({ outcome: 'conflict', seen: 0, fields: { monthly_income: 'case' } })
    expect(entry?.body.set).toEqual({ monthly_income: 900 })
  })

  it('keeps telling of a trouble until it was seen, and then of what a person decided', async () => {
    const id = testId()
    server.put('households', id, { monthly_income: 3000 })
    await synced(one)
    server.put('households', id, { monthly_income: 2600 })
    const body = await patch(one, id, { monthly_income: 900 })
    await edit(one, ...Array.from({ length: 5 }, () => op('create', 'visits', testId(), {})))
    await synced(one)
    expect((await one.store.outbox.news()).map((entry) => entry.id)).toEqual([body.id])
    expect(await one.store.outbox.counts()).toEqual({ recorded: 6, waiting: 0, reasons: {} })
    await one.store.outbox.markSeen([body.id])
    expect(await one.store.outbox.news()).toEqual([])
    const device = (await one.store.meta.get('device'))!.id
    const by = { id: 'u', name: '匡' }
    const resolution = { choice: 'device', field: 'monthly_income', value: 900, reason: '', by, at: '' } as const
    server.later(device, { id: body.id, outcome: 'conflict', seq: server.seq, resolution })
    await synced(one)
    expect((await one.store.outbox.news())[0]).toMatchObject({ id: body.id, resolution: { value: 900 } })
    server.later(device, { id: body.id, outcome: 'conflict', seq: server.seq, returned: '请补照片' })
    await one.store.outbox.markSeen([body.id])
    await synced(one)
    expect((await one.store.outbox.news())[0]).toMatchObject({ returned: '请补照片', resolution: { value: 900 } })
  })

  it('takes the final outcome of a held op from a pull', async () => {
    await synced(one)
    const body = op('patch', 'households', testId(), { phone: '5' })
    await edit(one, body)
    await synced(one)
    expect((await rows(one))[0]).toMatchObject({ outcome: 'held', stage: Stage.past })
    const device = (await one.store.meta.get('device'))!.id
    server.later(device, { id: body.id, outcome: 'applied', seq: server.seq + 1 })
    await synced(one)
    expect((await rows(one))[0]).toMatchObject({ outcome: 'applied' })
  })
})

describe('pulling', () => {
  it('goes page by page, counts, and goes on after a reload', async () => {
    for (let at = 0; at < 25; at++) server.put('households', testId(), { phone: String(at) })
    server.pageSize = 10
    let pages = 0
    server.fault = (_request, path) => (path.includes('/pull') && ++pages > 1 ? 'before' : null)
    await runOnce(one.context)
    expect(await one.store.meta.pull()).toMatchObject({ received: 10, complete: false, full: true })
    expect(await one.store.records.list('households')).toHaveLength(10)
    server.fault = () => null
    one = reload(server, one)
    server.requests.length = 0
    await synced(one)
    expect(await one.store.records.list('households')).toHaveLength(25)
    // Two pages to the end of the old chain, and one for what came since.
    expect(server.requests.filter((path) => path.includes('/pull'))).toHaveLength(3)
    expect(await one.store.meta.pull()).toMatchObject({ received: 25, complete: true, full: false })
  })

  it('asks for the next page while one is being stored, one ahead and never more', async () => {
    for (let at = 0; at < 35; at++) server.put('households', testId(), { phone: String(at) })
    server.pageSize = 10
    const asked = (): number => server.pages.length
    const ahead: number[] = []
    const store = one.store.applyPage.bind(one.store)
    one.store.applyPage = async (page, from) => {
      const more = page.answer.more ? 1 : 0
      await expect.poll(asked, { timeout: 30_000 }).toBe(ahead.length + 1 + more)
      // Whoever read further ahead would have asked again by now.
      await new Promise((resolve) => setTimeout(resolve, 20))
      ahead.push(asked() - ahead.length - 1)
      return store(page, from)
    }
    await synced(one)
    expect(ahead).toEqual([1, 1, 1, 0])
    expect(await one.store.records.list('households')).toHaveLength(35)
  })

  it('keeps no cursor of a page that was not stored, nor of the one read ahead of it', async () => {
    for (let at = 0; at < 35; at++) server.put('households', testId(), { phone: String(at) })
    server.pageSize = 10
    const store = one.store.applyPage.bind(one.store)
    let tries = 0
    one.store.applyPage = (page, from) => (++tries === 2 ? Promise.reject(new Error('the disk is full')) : store(page, from))
    expect((await runOnce(one.context)).problem).not.toBeNull()
    expect(await one.store.meta.pull()).toMatchObject({ received: 10, cursor: server.pages[0]?.cursor, complete: false })
    await synced(one)
    expect(await one.store.records.list('households')).toHaveLength(35)
    expect(await one.store.meta.pull()).toMatchObject({ received: 35, complete: true })
  })

  it('removes a clean copy that left, keeps an edited one for rescue, and lets it go at the end', async () => {
    const [clean, edited] = [testId(), testId()]
    server.put('households', clean, { head_name: '甲' })
    server.put('households', edited, { head_name: '乙' })
    await synced(one)
    await patch(one, edited, { phone: '9' })
    server.gone('households', clean, 'leave')
    server.gone('households', edited, 'tombstone')
    server.fault = (_request, path) => (path.includes('/push') ? problem(503, 'busy', { 'Retry-After': '3' }) : null)
    expect((await runOnce(one.context)).problem).toMatchObject({ code: 'busy', retryAfterMillis: 3000 })
    server.fault = () => null
    await synced(one)
    expect(await view(one, clean)).toBeUndefined()
    expect(await view(one, edited)).toBeUndefined()
    expect(await one.store.records.gone('households', clean)).toBeUndefined()
    expect(await one.store.records.gone('households', edited)).toMatchObject({ head_name: '乙' })
    expect((await one.store.base.goneOf('households')).map((row) => row.id)).toEqual([edited])
    const [held] = await one.store.outbox.entries(1)
    expect(held).toMatchObject({ outcome: 'held' })
    const device = (await one.store.meta.get('device'))!.id
    server.later(device, { id: held!.id, outcome: 'rejected', seq: server.seq + 1 })
    await synced(one)
    await synced(one)
    expect(await one.store.records.gone('households', edited)).toBeUndefined()
  })

  it('never overwrites with a download what was not yet sent', async () => {
    const id = testId()
    server.put('households', id, { phone: '1', address: 'a' })
    await synced(one)
    await patch(one, id, { phone: '2' })
    server.put('households', id, { phone: '3', address: 'b' })
    server.fault = (_request, path) => (path.includes('/push') ? 'before' : null)
    await runOnce(one.context)
    server.fault = () => null
    const { pullAll } = await import('../src/sync/pull')
    await pullAll(one.context)
    expect(await view(one, id)).toMatchObject({ phone: '2', address: 'b' })
    expect(await one.store.outbox.waiting()).toBe(1)
  })

  it('drops on an expired cursor only what a whole new pull did not bring', async () => {
    const [stays, vanished] = [testId(), testId()]
    server.put('households', stays, { phone: '1' })
    server.put('households', vanished, { phone: '2' })
    await synced(one)
    server.records.delete(`households/${vanished}`)
    server.feed.splice(0, server.feed.length, ...server.feed.filter((change) => change.id !== vanished))
    for (let at = 0; at < 5; at++) server.put('households', testId(), { phone: 'x' })
    server.pageSize = 2
    server.expired = true
    let pulls = 0
    server.fault = (_request, path) => (path.includes('/pull') && ++pulls > 2 ? 'before' : null)
    await runOnce(one.context)
    expect(await view(one, vanished)).toMatchObject({ phone: '2' })
    server.fault = () => null
    await synced(one)
    expect(await view(one, vanished)).toBeUndefined()
    expect(await one.store.records.list('households')).toHaveLength(6)
  })
})

describe('sign-in, revocation, age', () => {
  it('keeps everything when the token has expired, and goes on after signing in', async () => {
    let token = 'good'
    one = tablet(server, { token: () => token })
    const id = testId()
    server.put('households', id, { phone: '1' })
    await synced(one)
    await patch(one, id, { phone: '2' })
    token = 'stale'
    expect((await runOnce(one.context)).problem?.code).toBe('unauthenticated')
    expect(await one.store.outbox.waiting()).toBe(1)
    expect(await view(one, id)).toMatchObject({ phone: '2' })
    token = 'good'
    await synced(one)
    expect(await one.store.outbox.waiting()).toBe(0)
  })

  it('hands in the rest of a revoked device before it wipes', async () => {
    const id = testId()
    server.put('households', id, { phone: '1' })
    await synced(one)
    await patch(one, id, { phone: '2' })
    const device = (await one.store.meta.get('device'))!.id
    server.revoked.add(device)
    server.wipe = true
    server.fault = (_request, path) => (path.includes('/schema') ? problem(403, 'device_revoked') : null)
    const report = await runOnce(one.context)
    expect(report.wipe).toBe(true)
    expect(await one.store.outbox.waiting()).toBe(0)
    expect((await rows(one))[0]).toMatchObject({ outcome: 'held' })
  })

  it('goes on pushing when it is told to upgrade on pull', async () => {
    await synced(one)
    await edit(one, op('create', 'households', testId(), {}))
    server.fault = (_request, path) => (path.includes('/pull') ? problem(426, 'upgrade_required') : null)
    expect((await runOnce(one.context)).problem?.code).toBe('upgrade_required')
    expect(await one.store.outbox.waiting()).toBe(0)
    expect(await one.store.meta.sync()).toMatchObject({ outdated: true })
  })
})

describe('restores and rolled-back storage', () => {
  it('sends retained ops again after a restore, and pulls from the beginning', async () => {
    const id = testId()
    server.put('households', id, { phone: '1' })
    await synced(one)
    const backup = server.seq
    const device = (await one.store.meta.get('device'))!.id
    const visit = testId()
    await edit(one, op('create', 'visits', visit, { outcome: 'met' }))
    await synced(one)
    const late = testId()
    server.put('households', late, { phone: 'late' })
    await synced(one)
    server.restore({ seq: backup, nextN: 1, device, drop: (record) => record.rev > backup })
    await synced(one)
    expect(server.records.get(`visits/${visit}`)?.record).toMatchObject({ outcome: 'met' })
    expect(await view(one, visit, 'visits')).toMatchObject({ outcome: 'met' })
    expect(await view(one, late)).toBeUndefined()
    expect(server.lost).toEqual([])
  })

  it('reports as lost what neither side has any more', async () => {
    await synced(one)
    const device = (await one.store.meta.get('device'))!.id
    await edit(one, op('create', 'visits', testId(), {}), op('create', 'visits', testId(), {}))
    await synced(one)
    server.durableSeq = server.seq
    await synced(one)
    expect(await rows(one)).toHaveLength(0)
    await edit(one, op('create', 'visits', testId(), { outcome: 'refused' }))
    server.restore({ seq: 0, nextN: 1, device, drop: () => true })
    server.durableSeq = 0
    await synced(one)
    expect(server.lost).toEqual([{ from: 1, to: 2 }])
    expect(await one.store.outbox.waiting()).toBe(0)
    expect([...server.records.values()].map((record) => record.record.outcome)).toEqual(['refused'])
  })

  it('registers anew when the server knows more numbers than this storage, and keeps the ids', async () => {
    await synced(one)
    const device = (await one.store.meta.get('device'))!
    await edit(one, op('create', 'visits', testId(), {}))
    await synced(one)
    // The storage as it was before: the op and its number are forgotten.
    await one.store.db.ops.clear()
    await one.store.meta.set('device', device)
    const [mine] = await edit(one, op('create', 'visits', testId(), { outcome: 'met' }))
    await synced(one)
    const anew = (await one.store.meta.get('device'))!
    expect(anew.id).not.toBe(device.id)
    expect(server.byOp.get(mine!.id)).toMatchObject({ device: anew.id })
    expect((await rows(one))[0]).toMatchObject({ id: mine!.id, n: 1, device: anew.id, outcome: 'applied' })
  })

  it('issues all retained ops again when the server does not know the device', async () => {
    await synced(one)
    const visit = testId()
    await edit(one, op('create', 'visits', visit, { outcome: 'met' }))
    await synced(one)
    server.devices.clear()
    server.records.clear()
    server.byOp.clear()
    server.feed.length = 0
    await synced(one)
    expect(server.records.get(`visits/${visit}`)).toBeDefined()
    expect(await view(one, visit, 'visits')).toMatchObject({ outcome: 'met' })
  })
})
