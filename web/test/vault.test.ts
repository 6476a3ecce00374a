// The lock of a tablet, and bodies under its key.
import { describe, expect, it } from 'vitest'
import { Tampered } from '../src/crypto/aead'
import { derive } from '../src/crypto/argon2'
import type { Bytes } from '../src/crypto/bytes'
import { isSealed, lockedCodec, SealingCodec, type SealedBody } from '../src/crypto/codec'
import { passphraseFault } from '../src/crypto/passphrase'
import { clearTries, countTry, maxTries, tryState } from '../src/crypto/tries'
import { lockWith, newDataKey, rewrap, unlockWith, type VaultPorts } from '../src/crypto/vault'
import { liveQuery } from 'dexie'
import { FakeServer } from './fake-server'
import { randomOf } from './random'
import { edit, op, tablet, testId } from './tablet'

const ports: VaultPorts = { random: randomOf(1), derive: (passphrase, salt) => derive(passphrase, salt, { memoryKiB: 64, passes: 1 }) }
const codecOf = (seed = 3): Promise<SealingCodec> => SealingCodec.of(newDataKey({ random: randomOf(seed) }), randomOf(seed + 1))
const text = (stored: unknown): string => JSON.stringify(stored, (_, value) => (value instanceof Uint8Array ? Array.from(value, (byte) => String.fromCharCode(byte)).join('') : value))

describe('the lock', () => {
  it('opens with its passphrase and with no other', async () => {
    const key = newDataKey(ports)
    const row = await lockWith(ports, 'account', '258036', key)
    expect(await unlockWith(ports, row, '258036')).toEqual(key)
    expect(await unlockWith(ports, row, '258037')).toBeNull()
    expect(await unlockWith(ports, { ...row, account: 'another' }, '258036')).toBeNull()
  })

  it('is changed by wrapping the same key anew', async () => {
    const key = newDataKey(ports)
    const before = await lockWith(ports, 'account', '258036', key)
    const after = await rewrap(ports, { ...before, failed: 3 }, key, '一句好记的话语')
    expect(await unlockWith(ports, after, '一句好记的话语')).toEqual(key)
    expect(await unlockWith(ports, after, '258036')).toBeNull()
    expect([before.kind, after.kind, after.failed]).toEqual(['pin', 'phrase', 0])
  })

  it('is a real Argon2id: the RFC 9106 parameters that are kept change the key', async () => {
    const salt = new Uint8Array(16)
    const [a, b] = await Promise.all([derive('258036', salt, { memoryKiB: 64, passes: 1 }), derive('258036', salt, { memoryKiB: 64, passes: 2 })])
    expect(a).toHaveLength(32)
    expect(a).not.toEqual(b)
  })

  it('refuses what everybody tries first', () => {
    for (const bad of ['12345', '123456', '654321', '111111', '112112', '121212', '7777771', 'aaaaaaaa', 'short']) {
      expect(passphraseFault(bad), bad).not.toBeNull()
    }
    for (const good of ['258036', '19690412', '村口那棵老槐树下', 'correct horse']) expect(passphraseFault(good), good).toBeNull()
  })

  it('lets nobody guess for long, and forgives a slip', () => {
    let row = { failed: 0, notBefore: 0 }
    let now = 1_000_000
    const waits: number[] = []
    for (let at = 0; at < maxTries; at++) {
      const state = tryState(row, now)
      if (state.kind === 'wait') {
        waits.push(state.untilMillis - now)
        now = state.untilMillis
      }
      expect(tryState(row, now).kind).toBe('open')
      row = countTry(row, now)
    }
    expect(waits).toEqual([60_000, 60_000, 300_000, 900_000, 3_600_000])
    expect(tryState(row, now + 1e12)).toEqual({ kind: 'spent' })
    expect(tryState(clearTries(row), now)).toEqual({ kind: 'open', left: maxTries })
    // A clock set back by a year locks nobody out for a year.
    const late = countTry({ failed: 8, notBefore: 0 }, now)
    expect(tryState(late, now - 3.2e10)).toEqual({ kind: 'wait', untilMillis: now - 3.2e10 + 3_600_000 })
  })
})

describe('a sealed body', () => {
  it('comes back as it was, text and bytes, and shows nothing', async () => {
    const codec = await codecOf()
    const body = { name: '王桂兰', income: 900 }
    const stored = await codec.encode('id', body)
    expect(await codec.decode('id', stored)).toEqual(body)
    const picture = Uint8Array.from({ length: 300 }, (_, at) => at % 251)
    expect(await codec.decode('p', await codec.encode('p', picture))).toEqual(picture)
    expect(text(stored)).not.toContain('900')
  })

  it('is refused when a byte was changed, under another id, by another key, and in the open', async () => {
    const codec = await codecOf()
    const stored = (await codec.encode('one', { v: 1 })) as SealedBody
    const changed = { ...stored, data: stored.data.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) }
    await expect(codec.decode('one', changed)).rejects.toThrow(Tampered)
    await expect(codec.decode('two', stored)).rejects.toThrow(Tampered)
    await expect((await codecOf(9)).decode('one', stored)).rejects.toThrow(Tampered)
    await expect(codec.decode('one', { v: 1 })).rejects.toThrow(Tampered)
    await expect(lockedCodec.decode('one', stored)).rejects.toThrow(Tampered)
  })

  it('that waits to be sent is sealed for the server, too, and opens here in a later session', async () => {
    const dataKey = newDataKey({ random: randomOf(5) })
    const first = await SealingCodec.of(dataKey, randomOf(6))
    const sealedKeys: Bytes[] = []
    await first.adopt({ server: 'k1', seal: async (key) => (sealedKeys.push(key.slice()), new Uint8Array([7])) })
    const stored = (await first.encode('op', { a: 1 }, 'handover')) as SealedBody
    expect(stored.handover).toMatchObject({ server: 'k1', key: new Uint8Array([7]) })
    expect((await first.encode('op', { a: 1 })) as SealedBody).not.toHaveProperty('handover')
    const later = await SealingCodec.of(dataKey, randomOf(8))
    expect(await later.decode('op', stored)).toEqual({ a: 1 })
    expect(sealedKeys).toHaveLength(1)
    expect(isSealed(stored)).toBe(true)
  })
})

describe('a store under the lock', () => {
  it('holds no word of a record, an edit, a draft or a reason in the open', async () => {
    const server = new FakeServer()
    const on = tablet(server, { codec: await codecOf(11) })
    const id = testId()
    server.put('households', id, { head_name: '秘密甲', phone: '13900000000' })
    const { runOnce } = await import('../src/sync/run')
    await runOnce(on.context)
    await edit(on, op('patch', 'households', id, { phone: '13911111111' }, 1, { phone: '13900000000' }))
    await on.store.drafts.save({ id: 'd', kind: 'visit', household: id, updated: 1, body: { note: '秘密乙' } })
    const row = await on.store.db.ops.toCollection().first()
    await on.store.outbox.record([{ id: row!.id, outcome: 'applied', seq: 9, returned: '秘密丙', resolution: { choice: 'server', field: 'phone', value: '秘密丁', reason: '秘密戊', by: { id: 'x', name: '秘密己' }, at: '2026-05-01T00:00:00Z' } }], 1)
    const [entry] = await on.store.outbox.entries(1)
    expect([entry!.returned, entry!.resolution?.reason]).toEqual(['秘密丙', '秘密戊'])
    const all = await Promise.all(on.store.db.tables.filter((table) => table.name !== 'meta').map((table) => table.toArray()))
    const shown = text(all)
    expect(shown).not.toMatch(/秘密|1390000|1391111/)
    expect((await on.store.records.get('households', id))?.record.phone).toBe('13911111111')
    on.store.close()
  })

  it('refuses bodies that were swapped between two records', async () => {
    const on = tablet(new FakeServer(), { codec: await codecOf(12) })
    await on.store.meta.set('device', { id: 'd', epoch: 'e', nextN: 1 })
    await edit(on, op('create', 'visits', testId(), { a: '1' }), op('create', 'visits', testId(), { a: '2' }))
    const [one, two] = await on.store.db.ops.toArray()
    await on.store.db.ops.update(one!.ord, { body: two!.body })
    await expect(on.store.outbox.entries(2)).rejects.toThrow(Tampered)
    on.store.close()
  })

  it('is still followed by live queries that read after they decrypted', async () => {
    const on = tablet(new FakeServer(), { codec: await codecOf(13) })
    await on.store.meta.set('device', { id: 'd', epoch: 'e', nextN: 1 })
    const household = testId()
    await edit(on, op('create', 'households', household, { head_name: '王' }))
    const seen: number[] = []
    const subscription = liveQuery(async () => {
      await on.store.records.list('households')
      return (await on.store.records.list('visits')).length
    }).subscribe((count) => seen.push(count))
    const until = async (count: number): Promise<void> => {
      for (let turn = 0; turn < 200 && seen.at(-1) !== count; turn++) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(seen.at(-1)).toBe(count)
    }
    await until(0)
    await edit(on, op('create', 'visits', testId(), { household }))
    await until(1)
    subscription.unsubscribe()
    on.store.close()
  })
})
