// What a client does when the server cannot take its ops now, or not as they are (§3).
import { beforeEach, describe, expect, it } from 'vitest'
import { retryAfterMillis } from '../src/sync/backoff'
import { runOnce } from '../src/sync/run'
import { type FakeServer, problem } from './fake-server'
import { loopOn } from './loop'
import { edit, op, rows, serverAndTablet, synced, tablet, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => ({ server, one } = serverAndTablet()))

const visits = (count: number) => Array.from({ length: count }, () => op('create', 'visits', testId(), { outcome: 'met' }))
const device = async (on: Tablet) => (await on.store.meta.get('device'))!

describe('a server that cannot take anything now', () => {
  it.each([
    ['busy', 503, { 'Retry-After': '40' }, [50_000, 50_000, 50_000]],
    ['busy', 429, { 'Retry-After': '5' }, [6_250, 6_250, 6_250]],
    ['busy', 503, {}, [1_500, 3_000, 6_000]],
    ['storage_full', 507, {}, [1_500, 3_000, 6_000]],
    ['storage_full', 507, { 'Retry-After': '20' }, [25_000, 25_000, 25_000]],
    ['read_only', 503, { 'Retry-After': '5' }, [6_250, 6_250, 6_250]],
  ] as const)('%s (%d, %o) is waited out, and every edit arrives once', async (code, status, headers, waits) => {
    const { on, loop, timers, states } = loopOn(server)
    await loop.request()
    const made = await edit(on, ...visits(3))
    timers.length = 0
    server.fault = (_request, path) => (path.includes('/push') ? problem(status, code, headers) : null)
    for (let at = 0; at < 3; at++) await loop.request()
    expect(timers.map((timer) => timer.millis)).toEqual(waits)
    expect(states.at(-1)).toMatchObject({ running: false, problem: code })
    expect(await on.store.outbox.waiting()).toBe(3)
    expect(await on.store.records.list('visits')).toHaveLength(3)
    server.fault = () => null
    timers.at(-1)!.call()
    await expect.poll(() => on.store.outbox.waiting()).toBe(0)
    expect(server.pushed.flat().map((sent) => sent.id)).toEqual(made.map((body) => body.id))
    loop.stop()
  })

  it('is asked again by no two tablets in step', () => {
    const spread = Array.from({ length: 11 }, (_, at) => retryAfterMillis(10_000, at / 10))
    expect(Math.min(...spread)).toBe(10_000)
    expect(Math.max(...spread)).toBe(15_000)
    expect(new Set(spread).size).toBe(11)
  })

  it('does not stop a pull that was under way from being gone on with', async () => {
    for (let at = 0; at < 6; at++) server.put('households', testId(), { phone: '1' })
    server.pageSize = 2
    let pages = 0
    server.fault = (_request, path) => (path.includes('/pull') && ++pages === 2 ? problem(503, 'busy') : null)
    expect((await runOnce(one.context)).problem?.code).toBe('busy')
    await synced(one)
    expect(await one.store.records.list('households')).toHaveLength(6)
    expect(await one.store.meta.pull()).toMatchObject({ received: 6, complete: true })
  })
})

describe('a batch that is too large', () => {
  it('is halved until it goes, also where a proxy refuses it without the protocol\'s words', async () => {
    await synced(one)
    const made = await edit(one, ...visits(40))
    server.fault = (request, path) =>
      path.includes('/push') && Number(request.headers.get('Content-Length') ?? 0) >= 0 && tooMany() ? new Response('too big', { status: 413 }) : null
    let refusals = 0
    const tooMany = (): boolean => refusals++ < 3
    await synced(one)
    expect(refusals).toBeGreaterThan(3)
    expect(server.pushed.flat().map((sent) => sent.id)).toEqual(made.map((body) => body.id))
    expect(Math.max(...server.pushed.map((batch) => batch.length))).toBe(5)
  })

  it('of one op alone is said, not tried for ever', async () => {
    await synced(one)
    await edit(one, ...visits(1))
    server.maxOps = 0
    expect((await runOnce(one.context)).problem?.code).toBe('too_large')
    expect(server.requests.filter((path) => path.includes('/push'))).toHaveLength(1)
    expect(await one.store.outbox.waiting()).toBe(1)
  })
})

describe('a number line that is not the server\'s', () => {
  it('of a cloned tablet: the second registers anew and hands in its own under its own ids', async () => {
    await synced(one)
    const clone = tablet(server)
    await clone.store.meta.set('device', await device(one))
    const [mine] = await edit(one, ...visits(1))
    const theirs = await edit(clone, ...visits(2))
    await synced(one)
    await synced(clone)
    expect(server.answers.some((answer) => answer.results.some((result) => result.error?.code === 'op_mismatch'))).toBe(true)
    expect((await device(clone)).id).not.toBe((await device(one)).id)
    expect((await rows(clone)).map((row) => [row.id, row.n, row.outcome])).toEqual(theirs.map((body, at) => [body.id, at + 1, 'applied']))
    expect([...server.records.values()].map((stored) => stored.id).sort()).toEqual([mine, ...theirs].map((body) => body!.record).sort())
  })

  it('whose op has the id of another: put aside with its reason, and nothing behind it is held up', async () => {
    await synced(one)
    const [body] = await edit(one, ...visits(1))
    await synced(one)
    const later = await edit(one, ...visits(2))
    await one.store.db.ops.filter((row) => row.id === body!.id).modify((row) => {
      row.stage = 0
      row.outcome = null
      row.body = { ...body!, set: { outcome: 'refused' } }
    })
    await synced(one)
    expect((await one.store.outbox.news()).map((entry) => [entry.id, entry.outcome, entry.error?.code])).toEqual([[body!.id, 'rejected', 'op_mismatch']])
    expect((await rows(one)).slice(1).map((row) => [row.id, row.outcome])).toEqual(later.map((next) => [next.id, 'applied']))
    expect(await one.store.outbox.waiting()).toBe(0)
    expect(server.records.get(`visits/${body!.record}`)?.record).toMatchObject({ outcome: 'met' })
    expect(server.devices.size).toBe(3)
  })

  it('whose next_n is beyond its own: registers anew, keeps the ids, and loses nothing made since', async () => {
    await synced(one)
    const before = await device(one)
    const [first] = await edit(one, ...visits(1))
    const saved = await rows(one)
    const after = await device(one)
    await edit(one, ...visits(3))
    await synced(one)
    // The storage as it was when only the first was made, not yet sent.
    await one.store.db.ops.clear()
    await one.store.db.ops.bulkAdd(saved)
    await one.store.meta.set('device', after)
    server.answers.length = 0
    await synced(one)
    expect(server.answers[0]).toMatchObject({ next_n: 5, results: [], applied: [{ n: 1, count: 1 }] })
    expect((await device(one)).id).not.toBe(before.id)
    expect((await rows(one))[0]).toMatchObject({ id: first!.id, outcome: 'applied' })
    const [later] = await edit(one, ...visits(1))
    await synced(one)
    expect(server.byOp.get(later!.id)).toMatchObject({ device: (await device(one)).id })
    expect(server.records.size).toBe(5)
  })
})
