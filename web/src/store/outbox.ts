// The outbox: ops made here, from the moment they are made until the server has
// them durably. A number `n` is allotted in the transaction that stores the op.
import type { Database, OpRow } from './database'
import { Stage } from './database'
import type { BodyCodec, Stored } from './codec'
import type { Meta } from './meta'
import type { Touched } from './touched'
import { wellFormed } from '@/sync/values'
import { appSchema, type Op, type OpBody, type OpResult, type Resolution, type Side } from '@/sync/wire'

export interface NewOp {
  body: OpBody
  household: string
}

/** What the user is told of an op: its fate, and what it wanted. */
export interface OpEntry extends Omit<OpRow, 'body' | 'theirs' | 'resolution' | 'returned'> {
  body: OpBody
  theirs: Record<string, Side> | null
  resolution: Resolution | null
  returned: string | null
}

/** A result whose words are sealed already. */
export interface SealedResult {
  result: OpResult
  theirs: Stored | null
  resolution: Stored | null
  returned: Stored | null
}

/** An op of which only the server and an unlocked tablet can read the body. */
export interface LockedOp {
  n: number
  id: string
  stored: Stored
}

/** What one request can hold: ops that one schema's forms made. */
export interface Batch<T = Op> {
  schema: number
  ops: readonly T[]
}

/** Ops that were stored before their schema was stored with them are of the first. */
const schemaOf = (row: OpRow | undefined): number => row?.schema ?? 1

/** How many ops with news for the worker stay after they are durable. */
const keepNotable = 1000

export class Outbox {
  constructor(
    private readonly db: Database,
    private readonly meta: Meta,
    private readonly codec: BodyCodec,
    private readonly touched: Touched,
  ) {}

  /** Bodies are sealed before the transaction opens; see codec.ts. */
  async seal(ops: readonly NewOp[]): Promise<{ op: NewOp; stored: unknown }[]> {
    return Promise.all(ops.map(async (op) => ({ op, stored: await this.codec.encode(op.body.id, wellFormed(op.body), 'handover') })))
  }

  /** Stores sealed ops within the caller's transaction (meta, ops, touched): all of them or none. */
  async addSealed(sealed: readonly { op: NewOp; stored: unknown }[], now: number): Promise<void> {
    const device = await this.meta.get('device')
    if (device === undefined) throw new Error('outbox: an op cannot be numbered before the device is registered')
    let ord = (await this.meta.get('nextOrd')) ?? 1
    let n = device.nextN
    const rows = sealed.map(({ op, stored }): OpRow => newRow(op, stored, device.id, n++, ord++, now))
    await this.db.ops.bulkAdd(rows)
    await this.touched.note(rows.map((row) => row.household))
    await this.meta.set('device', { ...device, nextN: n })
    await this.meta.set('nextOrd', ord)
  }

  async add(ops: readonly NewOp[], now: number): Promise<void> {
    const sealed = await this.seal(ops)
    await this.db.transaction('rw', this.db.meta, this.db.ops, this.db.touched, () => this.addSealed(sealed, now))
  }

  /** Ops of this device without an outcome, in n order, as far as they are of one schema. */
  async batch(device: string, limit: number): Promise<Batch> {
    const { schema, rows } = await this.openRows(device, limit)
    return { schema, ops: await Promise.all(rows.map(async (row) => ({ ...(await this.body(row)), n: row.n }))) }
  }

  /** The same, unread: what a locked tablet can hand over. */
  async lockedBatch(device: string, limit: number): Promise<Batch<LockedOp>> {
    const { schema, rows } = await this.openRows(device, limit)
    return { schema, ops: rows.map(({ n, id, body }) => ({ n, id, stored: body })) }
  }

  private async openRows(device: string, limit: number): Promise<{ schema: number; rows: OpRow[] }> {
    const rows = await this.db.ops
      .where('[device+stage+n]')
      .between([device, Stage.open, 0], [device, Stage.open, Infinity])
      .limit(limit)
      .toArray()
    const schema = rows.length === 0 ? appSchema : schemaOf(rows[0])
    const other = rows.findIndex((row) => schemaOf(row) !== schema)
    return { schema, rows: other < 0 ? rows : rows.slice(0, other) }
  }

  /** Seals open ops anew that `needs` it: those made before the server's key was known, or under another one. */
  async resealOpen(needs: (stored: Stored) => boolean): Promise<number> {
    const rows = (await this.db.ops.where('stage').equals(Stage.open).toArray()).filter((row) => needs(row.body))
    for (const row of rows) {
      const body = await this.codec.encode(row.id, await this.body(row), 'handover')
      await this.db.ops.update(row.ord, { body })
    }
    return rows.length
  }

  async markSent(device: string, from: number, to: number): Promise<void> {
    await this.db.ops
      .where('[device+n]')
      .between([device, from], [device, to], true, true)
      .modify({ sent: 1 })
  }

  waiting(): Promise<number> {
    return this.db.ops.where('stage').equals(Stage.open).count()
  }

  /** What waits, as people count it: a photo's record and its bytes are one photo. */
  async waitingItems(): Promise<{ ops: number; photos: Set<string> }> {
    const photos = new Set<string>()
    let ops = 0
    await this.db.ops
      .where('stage')
      .equals(Stage.open)
      .each((row) => (row.type === 'photos' ? photos.add(row.record) : ops++))
    return { ops, photos }
  }

  /** Stores outcomes; unknown ids are of no concern here. Returns how many were new. */
  async record(results: readonly OpResult[], now: number): Promise<number> {
    return this.recordSealed(await this.sealResults(results), now)
  }

  /** Words of people about an op are sealed like bodies, before the transaction opens. */
  async sealResults(results: readonly OpResult[]): Promise<SealedResult[]> {
    const seal = async (name: string, words: unknown): Promise<Stored | null> => (words ? this.codec.encode(name, words) : null)
    return Promise.all(
      results.map(async (result) => ({
        result,
        theirs: await seal(`${result.id}/theirs`, result.theirs),
        resolution: await seal(`${result.id}/resolution`, result.resolution),
        returned: await seal(`${result.id}/returned`, result.returned),
      })),
    )
  }

  async recordSealed(results: readonly SealedResult[], now: number): Promise<number> {
    let changed = 0
    await this.db.transaction('rw', this.db.ops, async () => {
      for (const sealed of results) {
        const { result } = sealed
        if (!result.outcome) continue
        const row = await this.db.ops.where('id').equals(result.id).first()
        if (row === undefined) continue
        const next = outcomeOf(row, sealed, now)
        if (row.stage === Stage.open || isNews(row, next)) changed++
        await this.db.ops.update(row.ord, next)
      }
    })
    return changed
  }

  /** The highest seq that an answer has named. */
  async highestSeq(): Promise<number> {
    const last = await Promise.all(
      [Stage.known, Stage.past].map((stage) =>
        this.db.ops.where('[stage+seq]').between([stage, 0], [stage, Infinity]).last(),
      ),
    )
    return Math.max(0, ...last.map((row) => row?.seq ?? 0))
  }

  /** Moves ops that the cursor has passed out of the view, and forgets durable ones. */
  async settle(passedSeq: number, durableSeq: number): Promise<void> {
    await this.db.transaction('rw', this.db.meta, this.db.ops, this.db.touched, async () => {
      const passed: string[] = []
      await this.db.ops
        .where('[stage+seq]')
        .between([Stage.known, 0], [Stage.known, passedSeq], true, true)
        .modify((row) => {
          row.stage = Stage.past
          passed.push(row.household)
        })
      await this.touched.note(passed)
      if (durableSeq <= 0) return
      const durable = this.db.ops.where('[stage+seq]').between([Stage.past, 0], [Stage.past, durableSeq], true, true)
      const rows = await durable.toArray()
      const plain = rows.filter((row) => !isUnaccepted(row) && (row.outcome === 'applied' || row.seen === 1))
      await this.db.ops.bulkDelete(plain.map((row) => row.ord))
      // What was not accepted stays, seen or not: the worker is owed an account of it.
      const notable = rows.filter((row) => !plain.includes(row) && row.outcome !== 'held')
      await this.db.ops.bulkDelete(notable.slice(0, Math.max(0, notable.length - keepNotable)).map((row) => row.ord))
    })
  }

  /** After a restore: the server knows nothing of ops from nextN on (§8). Returns the kept numbers. */
  async reopenFrom(device: string, nextN: number): Promise<number[]> {
    const kept: number[] = []
    const households: string[] = []
    await this.db.ops
      .where('[device+n]')
      .between([device, nextN], [device, Infinity])
      .modify((row) => {
        kept.push(row.n)
        households.push(row.household)
        Object.assign(row, reopened)
      })
    await this.touched.note(households)
    return kept.sort((a, b) => a - b)
  }

  /**
   * Gives ops to a new device, numbered from its nextN in the order in which they
   * were made, with their ids. `all`: the server knows nothing of this installation,
   * so accepted ones go again, too.
   */
  async reissue(all: boolean): Promise<void> {
    await this.db.transaction('rw', this.db.meta, this.db.ops, this.db.touched, async () => {
      const device = await this.meta.get('device')
      if (device === undefined) throw new Error('outbox: reissue before registration')
      const rows = await this.db.ops.orderBy('ord').toArray()
      let n = device.nextN
      for (const row of rows) {
        if (row.device === device.id || (!all && row.stage !== Stage.open)) continue
        await this.db.ops.update(row.ord, { ...reopened, device: device.id, n: n++ })
        await this.touched.note([row.household])
      }
      await this.meta.set('device', { ...device, nextN: n })
    })
  }

  /** Ops that were numbered for a former device of this installation are still kept. */
  async hasFormer(device: string): Promise<boolean> {
    return (await this.db.ops.filter((row) => row.device !== device).count()) > 0
  }

  async markSeen(ids: readonly string[]): Promise<void> {
    await this.db.ops.where('id').anyOf([...ids]).modify({ seen: 1, news: 0 })
  }

  /** Everything that the worker should see, newest first, however long ago it was sent. */
  async news(): Promise<OpEntry[]> {
    const rows = await this.db.ops.where('news').equals(1).reverse().sortBy('ord')
    return Promise.all(rows.map((row) => this.entry(row)))
  }

  /** The account of what was recorded here: so much in all, so much on its way, and not accepted for which reason. */
  async counts(): Promise<Counts> {
    const counts: Counts = { recorded: ((await this.meta.get('nextOrd')) ?? 1) - 1, waiting: await this.waiting(), reasons: {} }
    await this.db.ops.where('stage').above(Stage.open).each((row) => {
      const reason = reasonOf(row)
      if (reason !== null) counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1
    })
    return counts
  }

  /** Every edit that the town has not accepted as it was made, newest first; seen or not. */
  async notAccepted(limit: number): Promise<OpEntry[]> {
    const rows = await this.db.ops.where('stage').above(Stage.open).filter(isUnaccepted).toArray()
    const newest = rows.sort((a, b) => b.ord - a.ord).slice(0, limit)
    return Promise.all(newest.map((row) => this.entry(row)))
  }

  /** The newest entries first, for the sync page. */
  async entries(limit: number): Promise<OpEntry[]> {
    const rows = await this.db.ops.orderBy('ord').reverse().limit(limit).toArray()
    return Promise.all(rows.map((row) => this.entry(row)))
  }

  async entriesOf(household: string): Promise<OpEntry[]> {
    const rows = await this.db.ops.where('household').equals(household).sortBy('ord')
    return Promise.all(rows.map((row) => this.entry(row)))
  }

  async entry(row: OpRow): Promise<OpEntry> {
    const open = async <T>(name: string, stored: Stored | null): Promise<T | null> =>
      stored ? this.codec.decode<T>(`${row.id}/${name}`, stored) : null
    const [body, theirs, resolution, returned] = await Promise.all([
      this.body(row),
      open<Record<string, Side>>('theirs', row.theirs ?? null),
      open<Resolution>('resolution', row.resolution),
      open<string>('returned', row.returned),
    ])
    return { ...row, body, theirs, resolution, returned }
  }

  body(row: OpRow): Promise<OpBody> {
    return this.codec.decode<OpBody>(row.id, row.body)
  }
}

const reopened = {
  stage: Stage.open,
  sent: 0,
  outcome: null,
  seq: null,
  fields: null,
  case: null,
  error: null,
  theirs: null,
  resolution: null,
  resolvedAt: null,
  returned: null,
  news: 0,
} as const

/** Why an edit does not count as accepted. */
export type Reason = 'rejected' | 'held' | 'lost' | 'returned'

export interface Counts {
  recorded: number
  waiting: number
  reasons: Partial<Record<Reason, number>>
}

function reasonOf(row: OpRow): Reason | null {
  if (row.outcome === 'rejected' || row.outcome === 'held' || row.outcome === 'lost') return row.outcome
  return row.returned === null ? null : 'returned'
}

const isUnaccepted = (row: OpRow): boolean => reasonOf(row) !== null

/** Fates that the worker must hear of; the others are as everybody expects. */
const troubled = new Set<string | null>(['conflict', 'rejected', 'held', 'lost'])

function newRow(op: NewOp, stored: unknown, device: string, n: number, ord: number, now: number): OpRow {
  const { id, type, record } = op.body
  return {
    ...reopened,
    ...{ ord, device, n, id, type, record, household: op.household, schema: appSchema, made: now, settled: null, seen: 0, body: stored },
  }
}

/** Something that the worker has not been told of this edit. */
const isNews = (row: OpRow, next: Partial<OpRow>): boolean =>
  row.outcome !== next.outcome ||
  row.case !== next.case ||
  (row.returned === null) !== (next.returned === null) ||
  (row.resolvedAt ?? null) !== next.resolvedAt

function outcomeOf(row: OpRow, { result, theirs, resolution, returned }: SealedResult, now: number): Partial<OpRow> {
  const outcome = result.outcome ?? null
  const next: Partial<OpRow> = {
    stage: row.stage === Stage.open ? Stage.known : row.stage,
    outcome,
    seq: result.seq ?? row.seq ?? 0,
    fields: result.fields ?? null,
    case: result.case ?? null,
    error: result.error ?? null,
    theirs: theirs ?? row.theirs ?? null,
    resolution: resolution ?? row.resolution ?? null,
    resolvedAt: result.resolution?.at ?? row.resolvedAt ?? null,
    returned: returned ?? row.returned ?? null,
    settled: now,
  }
  const seen = isNews(row, next) ? 0 : row.seen
  const notable = troubled.has(outcome) || next.resolution !== null || next.returned !== null
  return { ...next, seen, news: notable && seen === 0 ? 1 : 0 }
}
