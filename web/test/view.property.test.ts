// base ⊕ outbox against a plain model: random edits on two tablets, random syncs,
// reloads, lost answers. A failing run prints its seed: SEED=… npx vitest run view.property
import { describe, expect, it } from 'vitest'
import { runOnce } from '../src/sync/run'
import { compact } from '../src/sync/values'
import type { Values } from '../src/sync/wire'
import { FakeServer } from './fake-server'
import { seeded } from './random'
import { plainCodec } from '../src/store/codec'
import { edit, op, patch, reload, slowCodec, tablet, testId, type Tablet } from './tablet'

const seeds = process.env.SEED ? [Number(process.env.SEED)] : Array.from({ length: 12 }, (_, at) => at + 1)

describe('view = base ⊕ outbox', () => {
  it.each(seeds)('agrees with a model that was never offline, and both tablets converge: seed %i', async (seed) => {
    const random = seeded(seed)
    const below = (limit: number): number => Math.floor(random() * limit)
    const server = new FakeServer()
    server.pageSize = 1 + below(6)
    // One of them seals its bodies, as an encrypting codec will.
    const tablets = [tablet(server), tablet(server, { codec: slowCodec })]
    for (const on of tablets) expect((await runOnce(on.context)).problem).toBeNull()
    // What each tablet's user must see: own edits over the server's state as of the last sync.
    const models = [new Map<string, Values>(), new Map<string, Values>()]
    const ids: string[][] = [[], []]
    for (let step = 0; step < 60; step++) {
      const who = below(2)
      await act(tablets, who, models[who]!, ids[who]!, below, server)
      expect(await shown(tablets[who]!), `seed ${seed} step ${step}`).toEqual(plain(models[who]!))
    }
    server.fault = () => null
    for (let round = 0; round < 2; round++) for (const on of tablets) expect((await runOnce(on.context)).problem).toBeNull()
    const truth = new Map([...server.records.values()].map((stored) => [stored.id, stored.record]))
    for (const on of tablets) expect(await shown(on), `seed ${seed} end`).toEqual(plain(truth))
    for (const on of tablets) expect(await on.store.outbox.waiting()).toBe(0)
  })
})

type Below = (limit: number) => number

async function act(
  tablets: Tablet[],
  who: number,
  model: Map<string, Values>,
  ids: string[],
  below: Below,
  server: FakeServer,
): Promise<void> {
  const on = tablets[who]!
  const kind = below(10)
  if (kind < 2 || ids.length === 0) {
    const id = testId()
    ids.push(id)
    const set = { phone: String(below(100)), needs: ['food'] }
    await edit(on, op('create', 'households', id, set))
    model.set(id, { ...set })
  } else if (kind < 7) {
    await change(on, ids[below(ids.length)]!, model, below)
  } else if (kind < 9) {
    // Every third sync loses an answer or a request on the way.
    const lose = below(3) === 0 ? below(4) : -1
    let count = 0
    server.fault = () => (count++ === lose ? (below(2) ? 'after' : 'before') : null)
    const report = await runOnce(on.context)
    server.fault = () => null
    await adopt(on, model, ids, report.problem === null)
  } else {
    tablets[who] = reload(server, on, who === 1 ? slowCodec : plainCodec)
  }
}

async function change(on: Tablet, id: string, model: Map<string, Values>, below: Below): Promise<void> {
  const record = model.get(id)!
  const needs = (record.needs ?? []) as string[]
  const choices: (() => Values)[] = [
    () => ({ phone: String(below(100)) }),
    () => ({ monthly_income: below(5000) }),
    () => ({ needs: below(2) ? [...new Set([...needs, `n${below(5)}`])] : needs.slice(1) }),
    () => ({ remarks: [{ id: testId(), text: String(below(9)) }] }),
  ]
  const set = choices[below(choices.length)]!()
  await patch(on, id, set)
  const next = { ...record, ...set }
  if (set.remarks) next.remarks = [...((record.remarks ?? []) as never[]), ...(set.remarks as never[])]
  if (Array.isArray(set.needs) && set.needs.length === 0) delete next.needs
  model.set(id, next)
}

/** After a sync the model is the server's state, with this tablet's open edits over it. */
async function adopt(on: Tablet, model: Map<string, Values>, ids: string[], whole: boolean): Promise<void> {
  const own = whole ? [] : [...model.entries()]
  model.clear()
  if (whole) {
    // Everything was pushed and pulled: the base alone, read past the view.
    const rows = await on.store.db.base.toArray()
    for (const row of rows) model.set(row.id, (await on.store.base.record(row)) as Values)
    expect(await on.store.outbox.waiting()).toBe(0)
  } else {
    // An interrupted sync: whatever arrived, no own edit may be missing.
    const seen = new Map((await on.store.records.list('households')).map((entry) => [entry.id, entry.record]))
    for (const [id, record] of own) {
      expect(seen.has(id)).toBe(true)
      expect((seen.get(id)!.remarks ?? []) as unknown[]).toEqual(expect.arrayContaining((record.remarks ?? []) as never[]))
    }
    for (const [id, record] of seen) model.set(id, record)
  }
  ids.splice(0, ids.length, ...model.keys())
}

const plain = (records: Map<string, Values>): Record<string, Values> =>
  Object.fromEntries([...records.entries()].sort().map(([id, record]) => [id, clean(record)]))

const clean = (record: Values): Values => {
  const { id: _id, rev: _rev, ...rest } = compact(record)
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0)))
}

async function shown(on: Tablet): Promise<Record<string, Values>> {
  const entries = await on.store.records.list('households')
  return plain(new Map(entries.map((entry) => [entry.id, entry.record])))
}
