// From the build before the cipher: a database of Dexie's version 1, with edits,
// a draft and photos pending, is opened by this build. Nothing is lost.
import Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import { isSealed, SealingCodec } from '../src/crypto/codec'
import { newDataKey } from '../src/crypto/vault'
import { Lines, noLines } from '../src/store/lines'
import { sealPlain } from '../src/store/seal-plain'
import { Sessions } from '../src/store/session'
import { runOnce } from '../src/sync/run'
import { villageLines } from '../src/tablet/data/village'
import { FakeServer } from './fake-server'
import { randomOf } from './random'
import { op, tablet, testId } from './tablet'
import { testSchema } from './schema'

/** The tables as the build before had them; never to be changed with the code. */
const versionOne = {
  meta: 'key',
  base: '[type+id], [type+household], [type+gone], generation, gone',
  ops: 'ord, &[device+n], &id, [type+record], [type+household], household, [device+stage+n], stage, [stage+seq], news, outcome',
  photos: 'id, owner, household, [state+made]',
  drafts: 'id, household, updated',
}

const picture = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 256)
const opRow = { stage: 0, sent: 0, made: 1, outcome: null, seq: null, fields: null, case: null, error: null, resolution: null, returned: null, settled: null, seen: 0, news: 0 }

async function oldDatabase(name: string, device: string) {
  const household = testId()
  const [pending, returned] = [op('patch', 'households', household, { phone: '13911111111' }, 1, { phone: '1' }), op('patch', 'households', household, { address: '旧' }, 1)]
  const photo = testId()
  const old = new Dexie(name)
  old.version(1).stores(versionOne)
  await old.table('base').bulkAdd([
    { type: 'households', id: household, household, rev: 1, generation: 1, gone: 0, body: { id: household, head_name: '王桂兰', phone: '1' } },
    ...Array.from({ length: 450 }, (_, at) => ({ type: 'members', id: testId(), household, rev: 1, generation: 1, gone: 0, body: { household, name: `成员${at}` } })),
  ])
  await old.table('ops').bulkAdd([
    { ...opRow, ord: 1, device, n: 1, id: returned.id, type: 'households', record: household, household, body: returned, stage: 2, outcome: 'applied', seq: 3, returned: '请补材料', news: 1 },
    { ...opRow, ord: 2, device, n: 2, id: pending.id, type: 'households', record: household, household, body: pending },
  ])
  await old.table('photos').add({ id: photo, owner: testId(), household, state: 'waiting', made: 1, bytes: 5000, sha256: 'x', filetype: 'image/jpeg', offset: 0, url: null, attempts: 0, problem: null, storedSeq: null, body: picture, thumb: picture.slice(0, 50) })
  await old.table('drafts').add({ id: 'visit-1', kind: 'visit', household, updated: 5, body: { conclusion: '写了一半' } })
  await old.table('meta').bulkAdd([
    { key: 'device', value: { id: device, epoch: 'epoch-1', nextN: 3 } },
    { key: 'nextOrd', value: 3 },
    { key: 'schema', value: testSchema },
    { key: 'account', value: { name: '张三' } },
  ])
  old.close()
  return { household, pending, returned, photo }
}

describe('the database of the build before', () => {
  it('is sealed in place, with edits, draft and photos pending, and everything arrives', async () => {
    const server = new FakeServer()
    const { device } = await (await server.fetch('/api/sync/v1/devices', { method: 'POST', headers: { Authorization: 'Bearer good' }, body: '{}' })).json()
    const { household, pending, returned, photo } = await oldDatabase('before', device)
    const codec = await SealingCodec.of(newDataKey({ random: randomOf(1) }), randomOf(2))
    await codec.adopt({ server: 'k1', seal: async () => new Uint8Array([9]) })
    const on = tablet(server, { name: 'before', codec })
    const { db, meta } = on.store
    expect(await sealPlain({ db, meta, codec, isSealed })).toBe(451 + 2 + 1 + 1)
    expect(await sealPlain({ db, meta, codec, isSealed })).toBe(0)

    for (const row of [...(await db.base.toArray()), ...(await db.ops.toArray()), ...(await db.drafts.toArray()), ...(await db.photos.toArray())]) {
      expect(isSealed(row.body)).toBe(true)
    }
    expect(await meta.get('account' as never)).toBeUndefined()
    expect((await on.store.records.get('households', household))?.record).toMatchObject({ head_name: '王桂兰', phone: '13911111111' })
    expect(await on.store.photos.picture(photo)).toEqual(picture)
    expect(await on.store.photos.thumb(photo)).toEqual(picture.slice(0, 50))
    expect((await on.store.drafts.list())[0]?.body).toEqual({ conclusion: '写了一半' })
    expect((await on.store.outbox.news()).map((entry) => [entry.id, entry.returned])).toEqual([[returned.id, '请补材料']])
    const [locked] = (await on.store.outbox.lockedBatch(device, 10)).ops
    expect(isSealed(locked?.stored) && locked.stored.handover?.server).toBe('k1')
    const lines = await new Lines(on.store, villageLines).refresh(noLines())
    expect(lines.lines.get(household)?.members).toHaveLength(450)

    await runOnce(on.context)
    expect(server.pushed.flat().map((each) => each.id)).toContain(pending.id)
    expect(await on.store.outbox.waiting()).toBe(0)
    on.store.close()
  })

  it('goes on where it was interrupted', async () => {
    const { household } = await oldDatabase('interrupted', 'd')
    const codec = await SealingCodec.of(newDataKey({ random: randomOf(3) }), randomOf(4))
    const on = tablet(new FakeServer(), { name: 'interrupted', codec })
    let calls = 0
    const failing = { encode: (id: string, body: unknown) => (++calls > 210 ? Promise.reject(new Error('killed')) : codec.encode(id, body)), decode: codec.decode.bind(codec) }
    const { db, meta } = on.store
    await expect(sealPlain({ db, meta, codec: failing, isSealed })).rejects.toThrow('killed')
    expect(await meta.get('sealed')).toBeUndefined()
    await sealPlain({ db, meta, codec, isSealed })
    expect((await on.store.records.of('members', household)).length).toBe(450)
    expect((await on.store.records.get('households', household))?.record.head_name).toBe('王桂兰')
    on.store.close()
  })

  it('keeps the session of the build before until it is entered under the lock', async () => {
    const old = new Dexie('sessions-before')
    old.version(1).stores({ session: 'key', remembered: 'identity' })
    const account = { id: 'a1', email: 'w@x', name: '张三', role: 'worker' }
    await old.table('session').add({ key: 'current', account, token: 'secret-token', tokenAt: 5 })
    old.close()
    const sessions = new Sessions('sessions-before')
    expect(await sessions.who()).toEqual({ id: 'a1', email: 'w@x', name: '张三' })
    const plain = await sessions.plain()
    expect(plain?.token).toBe('secret-token')
    const codec = await SealingCodec.of(newDataKey({ random: randomOf(5) }), randomOf(6))
    await sessions.enter(plain!, codec)
    expect(await sessions.plain()).toBeNull()
    expect(await sessions.open(codec)).toEqual(plain)
    sessions.close()
    const raw = new Dexie('sessions-before')
    await raw.open()
    expect(JSON.stringify(await raw.table('session').toArray())).not.toContain('secret-token')
    raw.close()
  })
})
