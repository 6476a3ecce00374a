// A tablet without screens: a store on fake-indexeddb and the sync functions on a
// fake server, with clock and randomness from the test.
import { expect } from 'vitest'
import { Api } from '../src/sync/api'
import type { SyncContext } from '../src/sync/context'
import { newId } from '../src/sync/identity'
import { plainCodec, type BodyCodec } from '../src/store/codec'
import { Store } from '../src/store/store'
import { runOnce } from '../src/sync/run'
import type { OpBody, Values } from '../src/sync/wire'
import { FakeServer } from './fake-server'
import { householdOf } from '../src/store/base'
import { seeded } from './random'

let count = 0
const ids = seeded(7)

export interface Tablet {
  name: string
  store: Store
  context: SyncContext
  clock: { now: number }
}

export const testId = (): string =>
  newId({ now: () => 1_780_000_000_000, random: (bytes) => bytes.forEach((_, at) => (bytes[at] = ids() * 256)) })

export function tablet(server: FakeServer, options: { name?: string; token?: () => string | null; codec?: BodyCodec } = {}): Tablet {
  const name = options.name ?? `tablet-${++count}`
  const clock = { now: 1_780_000_000_000 }
  const store = new Store({ name, now: () => clock.now, codec: options.codec ?? plainCodec })
  const api = new Api({ fetch: server.fetch, origin: '', token: options.token ?? (() => 'good') })
  const describe = (): { name: string; platform: string; app: string } => ({ name, platform: 'test', app: '0' })
  return { name, store, clock, context: { store, api, now: () => clock.now, random: () => 0.5, describe } }
}

/** A new server and a tablet of its own. */
export function serverAndTablet(): { server: FakeServer; one: Tablet } {
  const server = new FakeServer()
  return { server, one: tablet(server) }
}

/** One run of the sync, without a problem. */
export const synced = async (on: Tablet): Promise<void> => expect((await runOnce(on.context)).problem).toBeNull()
/** The outbox, in the order of making. */
export const rows = (on: Tablet) => on.store.db.ops.orderBy('ord').toArray()

/** A codec as slow as one that encrypts, whose output nobody can read by accident. */
export const slowCodec: BodyCodec = {
  encode: async (id, body) => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    const bytes = ArrayBuffer.isView(body) ? Array.from(body as Uint8Array) : null
    return { sealed: bytes ?? [...JSON.stringify(body)].reverse().join(''), bytes: bytes !== null, id }
  },
  decode: async <T>(id: string, stored: unknown) => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    const row = stored as { sealed: string | number[]; bytes: boolean; id: string }
    if (row.id !== id) throw new Error(`codec: the row of ${row.id} was opened as ${id}`)
    return (row.bytes ? Uint8Array.from(row.sealed as number[]) : JSON.parse([...(row.sealed as string)].reverse().join(''))) as T
  },
}

/** The same browser profile opened again: another store on the same database. */
export function reload(server: FakeServer, old: Tablet, codec: BodyCodec = plainCodec): Tablet {
  old.store.close()
  return tablet(server, { name: old.name, codec })
}

export const op = (kind: OpBody['kind'], type: string, record: string, set: Values, base = 0, was?: Values): OpBody => ({
  ...{ id: testId(), at: '2026-05-01T08:00:00.000Z', type, record, kind, base, set },
  ...(was === undefined ? {} : { was }),
})

export async function edit(on: Tablet, ...bodies: OpBody[]): Promise<OpBody[]> {
  const ops = bodies.map((body) => ({ body, household: householdOf(body.type, body.record, body.set) }))
  await on.store.commit({ ops })
  return bodies
}

/** A patch of a household as a form opened now would make it. */
export async function patch(on: Tablet, id: string, set: Values): Promise<OpBody> {
  const entry = await on.store.records.get('households', id)
  const was: Values = {}
  for (const name of Object.keys(set)) was[name] = entry?.record[name] ?? null
  const body = op('patch', 'households', id, set, entry?.rev ?? 0, was)
  await edit(on, body)
  return body
}
