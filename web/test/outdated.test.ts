// A build that is older or newer than the server it meets (§9).
import { beforeEach, describe, expect, it } from 'vitest'
import { runOnce } from '../src/sync/run'
import { appSchema } from '../src/sync/wire'
import { type FakeServer, problem } from './fake-server'
import { loopOn } from './loop'
import { edit, op, patch, rows, serverAndTablet, synced, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => ({ server, one } = serverAndTablet()))

describe('a build that may no longer pull', () => {
  it('keeps what it has, goes on handing in, says so, and pulls again once it is updated', async () => {
    const id = testId()
    server.put('households', id, { phone: '1' })
    await synced(one)
    server.schema = appSchema + 2
    server.oldest = appSchema + 1
    server.put('households', id, { address: '村东' })
    for (const phone of ['2', '3']) {
      await patch(one, id, { phone })
      expect((await runOnce(one.context)).problem).toMatchObject({ code: 'upgrade_required', status: 426 })
      expect(await one.store.outbox.waiting()).toBe(0)
      expect(server.records.get(`households/${id}`)?.record).toMatchObject({ phone })
    }
    expect(server.schemas).toEqual([appSchema, appSchema])
    expect(await one.store.meta.sync()).toMatchObject({ outdated: true, problem: 'upgrade_required' })
    const shown = await one.store.records.get('households', id)
    expect(shown?.record).toMatchObject({ phone: '3' })
    expect(shown?.record).not.toHaveProperty('address')
    server.oldest = appSchema
    await synced(one)
    expect((await one.store.records.get('households', id))?.record).toMatchObject({ phone: '3', address: '村东' })
    expect(await one.store.meta.sync()).toMatchObject({ outdated: false, problem: null })
  })

  it('comes back at the pace of the timer, and syncs at once what is saved meanwhile', async () => {
    const { on, loop, timers, states } = loopOn(server)
    await loop.request()
    server.schema = appSchema + 1
    server.oldest = appSchema + 1
    for (let at = 0; at < 3; at++) {
      await edit(on, op('create', 'visits', testId(), {}))
      await loop.request()
    }
    expect(timers.slice(-3).map((timer) => timer.millis)).toEqual([60_000, 60_000, 60_000])
    expect(states.at(-1)).toMatchObject({ running: false, problem: 'upgrade_required' })
    expect(server.pushed.flat()).toHaveLength(3)
    loop.stop()
  })

  it('sends its photos all the same', async () => {
    let tries = 0
    const { on, loop } = loopOn(server, async () => {
      tries++
      throw new Error('no uploader in this test')
    })
    await loop.request()
    server.schema = server.oldest = appSchema + 1
    const photo = { id: testId(), owner: 'draft', household: 'h', picture: new Uint8Array(9), thumb: new Uint8Array(3), sha256: 'x', filetype: 'image/jpeg', made: 1 }
    await on.store.photos.keepDraft(photo)
    await on.store.commit({ ops: [], photos: { ids: [photo.id], owner: testId() } })
    await loop.request()
    await expect.poll(() => tries).toBe(1)
    loop.stop()
  })
})

describe('schemas of another version', () => {
  it('keeps the table that its forms are written for when the server has a newer one', async () => {
    await synced(one)
    const known = await one.store.meta.get('schema')
    server.schema = appSchema + 1
    await synced(one)
    expect(await one.store.meta.get('schema')).toEqual(known)
  })

  it('sends ops that another build made under the schema they were made for, each in a request of its own kind', async () => {
    await synced(one)
    await edit(one, ...Array.from({ length: 5 }, () => op('create', 'visits', testId(), {})))
    // Two were made before the update; the first of all before ops told their schema.
    await one.store.db.ops.filter((row) => row.n <= 3).modify({ schema: 7 })
    await one.store.db.ops.filter((row) => row.n === 1).modify((row) => delete row.schema)
    await synced(one)
    expect(server.schemas).toEqual([1, 7, appSchema])
    expect(server.pushed.map((batch) => batch.map((sent) => sent.n))).toEqual([[1], [2, 3], [4, 5]])
    expect((await rows(one)).every((row) => row.outcome === 'applied')).toBe(true)
  })

  it('keeps everything where the server is older than the build, until it is brought up again', async () => {
    await synced(one)
    await edit(one, op('create', 'visits', testId(), {}))
    server.fault = (_request, path) => (path.includes('/push') ? problem(503, 'busy', { 'Retry-After': '60' }) : null)
    expect((await runOnce(one.context)).problem).toMatchObject({ code: 'busy', retryAfterMillis: 60_000 })
    expect(await one.store.outbox.waiting()).toBe(1)
    server.fault = () => null
    await synced(one)
    expect((await rows(one))[0]).toMatchObject({ outcome: 'applied' })
  })
})
