// @vitest-environment jsdom
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../src/sync/api'
import { SyncLoop, type LoopState } from '../src/sync/loop'
import { uploadAll, type PhotoRun, type TusModule } from '../src/sync/photos'
import { runOnce } from '../src/sync/run'
import { FakeServer } from './fake-server'
import { FakeUploads } from './fake-uploads'
import { seeded } from './random'
import { op, slowCodec, tablet, testId, type Tablet } from './tablet'

let server: FakeServer
let uploads: FakeUploads
let one: Tablet

const run: PhotoRun = {
  loadTus: async () => (await import('tus-js-client/lib.esm/browser/index.js' as string)) as TusModule,
  progress: () => {},
  chunkBytes: 64 * 1024,
}

beforeEach(async () => {
  server = new FakeServer()
  uploads = new FakeUploads()
  const origin = await uploads.start()
  one = tablet(server, { codec: slowCodec })
  expect((await runOnce(one.context)).problem).toBeNull()
  one.context = { ...one.context, api: new Api({ fetch: server.fetch, origin, token: () => 'good' }) }
})

afterEach(() => uploads.stop())

function picture(bytes: number, seed: number): Uint8Array {
  const random = seeded(seed)
  return Uint8Array.from({ length: bytes }, () => random() * 256)
}

/** A saved form with one photo: the op of its record, its bytes in the queue. */
async function savedPhoto(bytes = 300_000): Promise<{ id: string; data: Uint8Array; visit: string }> {
  const [id, visit] = [testId(), testId()]
  const data = picture(bytes, 3)
  const sha256 = createHash('sha256').update(data).digest('hex')
  const more = { owner: 'draft-1', household: 'h', thumb: picture(10, 1), sha256, filetype: 'image/jpeg', made: 1 }
  await one.store.photos.keepDraft({ id, picture: data, ...more })
  const body = op('create', 'photos', id, { owner: visit, sha256 })
  await one.store.commit({ ops: [{ body, household: 'h' }], photos: { ids: [id], owner: visit }, draft: 'draft-1' })
  return { id, data, visit }
}

describe('the photo queue', () => {
  it('shows the photos of a visit before they are sent, and once when they are pulled', async () => {
    const { id, visit } = await savedPhoto()
    const shown = async (): Promise<string[]> => (await one.store.records.photosOf(visit)).map((photo) => photo.id)
    expect(await shown()).toEqual([id])
    expect((await runOnce(one.context)).problem).toBeNull()
    expect(await one.store.db.base.get(['photos', id])).toBeDefined()
    expect(await shown()).toEqual([id])
  })

  it('survives connections cut at each chunk, and sends no byte twice but the broken chunk', async () => {
    const { id, data } = await savedPhoto()
    uploads.breakAfter = [40_000, 60_000, 10_000, 50_000, 30_000]
    for (let attempt = 0; attempt < 12 && uploads.stored.size === 0; attempt++) {
      await uploadAll(one.context, run).catch(() => {})
    }
    expect(Buffer.compare(uploads.stored.get(id)!, Buffer.from(data))).toBe(0)
    expect(uploads.receivedBytes).toBeLessThanOrEqual(data.length + 5 * 64 * 1024)
    expect(await one.store.db.photos.get(id)).toMatchObject({ state: 'sent', offset: data.length })
  })

  it('names the device, the record, the hash and the type', async () => {
    const { id } = await savedPhoto(1000)
    await uploadAll(one.context, run)
    const device = (await one.store.meta.get('device'))!.id
    const [upload] = [...uploads.uploads.values()]
    expect(upload?.metadata).toMatchObject({ device, photo: id, filetype: 'image/jpeg' })
  })

  it('starts over when the hash does not match, and gives up in sight after five times', async () => {
    const { id } = await savedPhoto(1000)
    uploads.corrupt = 1
    await uploadAll(one.context, run)
    expect(await one.store.db.photos.get(id)).toMatchObject({ state: 'waiting', attempts: 1, offset: 0, url: null })
    uploads.corrupt = 9
    for (let attempt = 0; attempt < 5; attempt++) await uploadAll(one.context, run)
    expect(await one.store.db.photos.get(id)).toMatchObject({ state: 'refused', problem: 'checksum' })
    expect((await one.store.db.photos.get(id))?.body).not.toBeNull()
  })

  it('puts a refused photo aside and goes on with the others', async () => {
    const { id } = await savedPhoto(1000)
    uploads.refuse = { status: 415 }
    await uploadAll(one.context, run)
    expect(await one.store.db.photos.get(id)).toMatchObject({ state: 'refused' })
    uploads.refuse = null
    const other = await savedPhoto(2000)
    await uploadAll(one.context, run)
    expect(uploads.stored.has(other.id)).toBe(true)
    await one.store.photos.retry(id)
    await uploadAll(one.context, run)
    expect(uploads.stored.has(id)).toBe(true)
  })

  it('keeps the picture until its record is stored and durable_seq passed, the thumbnail for ever', async () => {
    const { id } = await savedPhoto(1000)
    await runOnce(one.context)
    await uploadAll(one.context, run)
    server.put('photos', id, { state: 'stored' })
    await runOnce(one.context)
    expect(await one.store.db.photos.get(id)).toMatchObject({ state: 'stored' })
    expect(await one.store.photos.picture(id)).toBeDefined()
    server.durableSeq = server.seq
    await runOnce(one.context)
    expect(await one.store.photos.picture(id)).toBeUndefined()
    expect(await one.store.photos.thumb(id)).toBeDefined()
  })

  it('does not upload the pictures of a form that is still open', async () => {
    await one.store.photos.keepDraft({
      ...{ id: testId(), owner: 'draft-9', household: 'h', picture: picture(10, 1), thumb: picture(5, 1) },
      ...{ sha256: 'x', filetype: 'image/jpeg', made: 1 },
    })
    await uploadAll(one.context, run)
    expect(uploads.stored.size).toBe(0)
    await one.store.drafts.drop('draft-9')
    expect(await one.store.db.photos.count()).toBe(0)
  })

  it('counts no broken connection as a try: after many the photo still goes', async () => {
    const { id } = await savedPhoto(1000)
    uploads.refuse = { status: 503 }
    for (let attempt = 0; attempt < 9; attempt++) await uploadAll(one.context, run).catch(() => {})
    uploads.refuse = null
    uploads.corrupt = 1
    for (let attempt = 0; attempt < 2; attempt++) await uploadAll(one.context, run)
    expect(uploads.stored.has(id)).toBe(true)
  })

  it('waits while bytes cost money, and goes on the word of the worker', async () => {
    const { id } = await savedPhoto(1000)
    let metered = true
    const states: LoopState[] = []
    const loop = new SyncLoop({
      ...{ context: one.context, loadTus: run.loadTus, metered: () => metered, onState: (state: LoopState) => states.push(state) },
      ...{ onWipe: async () => {}, setTimer: () => 0 as unknown as ReturnType<typeof setTimeout> },
    })
    one.context.api.events = async () => new ReadableStream()
    await loop.request()
    await vi.waitFor(() => expect(states.at(-1)?.photosHeld).toBe(true), 30_000)
    expect([await one.store.outbox.waiting(), uploads.stored.size]).toEqual([0, 0])
    await loop.request({ photosNow: true })
    await vi.waitFor(() => expect(uploads.stored.has(id)).toBe(true), 30_000)
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ photosHeld: false, running: false }), 30_000)
    // "Now" was for that photo: the next one waits again, until the connection is free.
    const other = await savedPhoto(2000)
    await loop.request()
    await vi.waitFor(() => expect(states.at(-1)?.photosHeld).toBe(true), 30_000)
    expect(uploads.stored.has(other.id)).toBe(false)
    metered = false
    await loop.request()
    await vi.waitFor(() => expect(uploads.stored.has(other.id)).toBe(true), 30_000)
    loop.stop()
  })

  it('drops a picture that is taken out of its form, and no other', async () => {
    const pictures = await Promise.all([1, 2].map(async () => {
      const id = testId()
      const more = { owner: 'draft-5', household: 'h', thumb: picture(5, 1), sha256: 'x', filetype: 'image/jpeg', made: 1 }
      await one.store.photos.keepDraft({ id, picture: picture(10, 1), ...more })
      return id
    }))
    await one.store.photos.dropDraft(pictures[0]!)
    expect(await one.store.db.photos.toCollection().primaryKeys()).toEqual([pictures[1]])
    const { id } = await savedPhoto(1000)
    await one.store.photos.dropDraft(id)
    expect(await one.store.photos.picture(id)).toBeDefined()
  })

  it('forgets pictures whose form was never kept, after a day', async () => {
    const more = { household: 'h', thumb: picture(5, 1), sha256: 'x', filetype: 'image/jpeg', picture: picture(10, 1) }
    const [lost, young, kept] = [testId(), testId(), testId()]
    await one.store.photos.keepDraft({ ...more, id: lost, owner: 'none', made: 100 })
    await one.store.photos.keepDraft({ ...more, id: young, owner: 'none', made: 300 })
    await one.store.photos.keepDraft({ ...more, id: kept, owner: 'd', made: 100 })
    await one.store.drafts.save({ id: 'd', kind: 'visit', household: 'h', updated: 1, body: {} })
    await one.store.photos.dropOrphans(200)
    expect((await one.store.db.photos.toCollection().primaryKeys()).sort()).toEqual([young, kept].sort())
  })
})
