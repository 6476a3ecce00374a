// The index of lines: whatever happens to base and outbox, it is what a scan of
// everything would find.
import { describe, expect, it } from 'vitest'
import { newDataKey } from '../src/crypto/vault'
import { SealingCodec } from '../src/crypto/codec'
import { Lines, noLines, openEarly, partOf, type LinesHeld } from '../src/store/lines'
import { runOnce } from '../src/sync/run'
import { villageLines, type HouseholdLine } from '../src/tablet/data/village'
import { FakeServer } from './fake-server'
import { randomOf, seeded } from './random'
import { edit, op, patch, reload, tablet, testId, type Tablet } from './tablet'

const indexOf = (on: Tablet): Lines<HouseholdLine> => new Lines(on.store, villageLines)
const shown = (held: LinesHeld<HouseholdLine>): HouseholdLine[] =>
  [...held.lines.values()].sort((a, b) => a.id.localeCompare(b.id)).map((line) => ({ ...line, members: [...line.members].sort((a, b) => a.id.localeCompare(b.id)) }))

/** What a reading of every row finds: an index of its own, thrown away. */
async function scan(on: Tablet): Promise<HouseholdLine[]> {
  const { records } = on.store
  const lines: HouseholdLine[] = []
  for (const household of await records.list('households')) {
    const of = new Map([[villageLines.types[0] ?? '', [household]]])
    for (const type of villageLines.types.slice(1)) of.set(type, await records.of(type, household.id))
    lines.push(villageLines.make(household, of))
  }
  const versions = new Map<number, number>()
  return shown({ lines: new Map(lines.map((line) => [line.id, line])), sorted: lines, versions })
}

const names = ['王', '李', '张', '刘', '陈']

describe('the index of lines', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`is what a full scan finds, whatever happens (seed ${seed})`, async () => {
      const random = seeded(seed)
      const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
      const codec = await SealingCodec.of(newDataKey({ random: randomOf(seed) }), randomOf(seed + 100))
      const server = new FakeServer()
      server.pageSize = 7
      let on = tablet(server, { codec })
      const households = Array.from({ length: 6 }, () => testId())
      const members: string[] = []
      households.forEach((id) => server.put('households', id, { head_name: pick(names), state: 'active' }))
      await runOnce(on.context)
      let held = noLines<HouseholdLine>()
      const steps: (() => Promise<unknown> | unknown)[] = [
        () => server.put('households', pick(households), { head_name: pick(names), phone: String(random()) }),
        () => {
          const id = members.length > 3 ? pick(members) : testId()
          members.push(id)
          server.put('members', id, { household: pick(households), name: pick(names), birth_date: '1950-01-01' })
        },
        () => server.put('tasks', testId(), { household: pick(households), title: '回访', state: pick(['open', 'done']) }),
        () => patch(on, pick(households), { phone: String(random()) }).catch(() => undefined),
        () => edit(on, op('create', 'visits', testId(), { household: pick(households), outcome: pick(['met', 'refused']), visited_on: `2026-0${1 + Math.floor(random() * 9)}-03` })),
        () => {
          const id = testId()
          households.push(id)
          return edit(on, op('create', 'households', id, { head_name: pick(names) }))
        },
        () => runOnce(on.context),
        () => on.store.restartPull().then(() => runOnce(on.context)),
        () => {
          on = reload(server, on, codec)
          held = noLines()
        },
      ]
      for (let step = 0; step < 40; step++) {
        await pick(steps)()
        if (random() < 0.5) {
          held = await indexOf(on).refresh(held)
          expect(shown(held)).toEqual(await scan(on))
          expect(held.sorted.map((line) => line.head)).toEqual([...held.sorted].sort(villageLines.compare).map((line) => line.head))
        }
      }
      // A start reads the same from disk alone.
      held = await indexOf(on).refresh(held)
      const fresh = await indexOf(on).refresh(noLines())
      expect(shown(fresh)).toEqual(shown(held))
      expect(await on.store.db.touched.count()).toBe(0)
      on.store.close()
    }, 90_000)
  }

  it('lets two tabs write, and both see the same', async () => {
    const codec = await SealingCodec.of(newDataKey({ random: randomOf(21) }), randomOf(22))
    const server = new FakeServer()
    const on = tablet(server, { codec })
    const ids = Array.from({ length: 5 }, () => testId())
    ids.forEach((id, at) => server.put('households', id, { head_name: names[at] ?? '' }))
    await runOnce(on.context)
    const [one, two] = [indexOf(on), indexOf(on)]
    let [first, second] = await Promise.all([one.refresh(noLines()), two.refresh(noLines())])
    for (const id of ids) {
      await patch(on, id, { phone: id })
      ;[first, second] = await Promise.all([one.refresh(first), two.refresh(second)])
    }
    ;[first, second] = [await one.refresh(first), await two.refresh(second)]
    expect(shown(first)).toEqual(shown(second))
    expect(shown(first)).toEqual(await scan(on))
    on.store.close()
  })

  it('takes what was read before unlocking, but for what was written since', async () => {
    const decoded: string[] = []
    const inner = await SealingCodec.of(newDataKey({ random: randomOf(41) }), randomOf(42))
    const codec = {
      encode: inner.encode.bind(inner),
      decode: <T>(id: string, stored: unknown): Promise<T> => (decoded.push(id), inner.decode<T>(id, stored)),
    }
    const server = new FakeServer()
    const on = tablet(server, { codec })
    const ids = Array.from({ length: 30 }, () => testId())
    ids.forEach((id, at) => server.put('households', id, { head_name: names[at % 5] ?? '' }))
    await runOnce(on.context)
    const held = await indexOf(on).refresh(noLines())
    const read = await on.store.db.lines.toArray()
    await patch(on, ids[3]!, { phone: '13900000000' })
    await indexOf(on).refresh(held)
    const early = openEarly(Promise.resolve(read), codec)
    await early
    decoded.length = 0
    const { db, meta, records } = on.store
    const start = await new Lines({ db, meta, records, codec, early }, villageLines).refresh(noLines())
    expect(decoded).toEqual([`line/${partOf(ids[3]!)}`])
    expect(start.lines.get(ids[3]!)).toMatchObject({ phone: '13900000000', pending: true })
    expect(shown(start)).toEqual(await scan(on))
    on.store.close()
  })

  it('is made anew when its format is another, and decrypts no record at a start', async () => {
    let decoded: string[] = []
    const inner = await SealingCodec.of(newDataKey({ random: randomOf(31) }), randomOf(32))
    const codec = {
      encode: inner.encode.bind(inner),
      decode: <T>(id: string, stored: unknown): Promise<T> => (decoded.push(id), inner.decode<T>(id, stored)),
    }
    const server = new FakeServer()
    const on = tablet(server, { codec })
    for (let at = 0; at < 30; at++) server.put('households', testId(), { head_name: names[at % 5] ?? '' })
    await runOnce(on.context)
    await indexOf(on).refresh(noLines())
    decoded = []
    const start = await indexOf(on).refresh(noLines())
    expect(start.lines.size).toBe(30)
    expect(decoded.every((name) => name.startsWith('line/'))).toBe(true)
    const newer = new Lines(on.store, { ...villageLines, format: villageLines.format + 1, make: (entry, of) => ({ ...villageLines.make(entry, of), head: `新${String(entry.record.head_name)}` }) })
    const rebuilt = await newer.refresh(noLines())
    expect([...rebuilt.lines.values()].every((line) => line.head.startsWith('新'))).toBe(true)
    on.store.close()
  })
})
