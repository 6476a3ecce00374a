// A database of a build without a cipher: every body is sealed, in place, in small
// transactions. Interrupted, it goes on where it was; nothing is read through the
// codec before it is done.
import type { BodyCodec, Stored, Way } from './codec'
import type { BaseRow, Database, DraftRow, OpRow, PhotoRow } from './database'
import type { Meta } from './meta'

/** Rows sealed at a time, and photos, which are large. */
const batchRows = 200
const batchPhotos = 4

export interface SealingPorts {
  db: Database
  meta: Meta
  codec: BodyCodec
  isSealed: (stored: Stored) => boolean
  /** Told how many rows are done. */
  progress?: (rows: number) => void
}

/** Seals what is plain; returns how many rows it was. */
export async function sealPlain(ports: SealingPorts): Promise<number> {
  const { db, meta, codec, isSealed } = ports
  if ((await meta.get('sealed')) === true) return 0
  let rows = 0
  const seal = async (name: string, stored: Stored | null | undefined, way?: Way): Promise<Stored | null> =>
    stored === null || stored === undefined || isSealed(stored) ? (stored ?? null) : codec.encode(name, stored, way)
  const done = (count: number): void => {
    rows += count
    ports.progress?.(rows)
  }

  await inBatches(db.ops, batchRows, done, async (row: OpRow) => ({
    body: await seal(row.id, row.body, 'handover'),
    resolution: await seal(`${row.id}/resolution`, row.resolution),
    theirs: await seal(`${row.id}/theirs`, row.theirs),
    resolvedAt: row.resolvedAt ?? (row.resolution as { at?: string } | null)?.at ?? null,
    returned: await seal(`${row.id}/returned`, row.returned),
  }))
  await inBatches(db.photos, batchPhotos, done, async (row: PhotoRow) => ({
    body: await seal(row.id, row.body, 'handover'),
    thumb: await seal(`${row.id}/thumb`, row.thumb),
  }))
  await inBatches(db.drafts, batchRows, done, async (row: DraftRow) => ({ body: await seal(row.id, row.body) }))
  await inBatches(db.base, batchRows, done, async (row: BaseRow) => ({ body: await seal(row.id, row.body) }))
  // The account lay here in early builds; it is the session's.
  await db.table('meta').delete('account')
  await meta.set('sealed', true)
  return rows
}

interface Sealable<Row> {
  toCollection: () => { primaryKeys: () => PromiseLike<unknown[]> }
  bulkGet: (keys: never) => PromiseLike<(Row | undefined)[]>
  update: (key: never, change: never) => PromiseLike<number>
}

/** Reads a batch, seals it outside any transaction, writes it. */
async function inBatches<Row>(
  table: unknown,
  size: number,
  done: (rows: number) => void,
  sealed: (row: Row) => Promise<Partial<Record<keyof Row, unknown>>>,
): Promise<void> {
  const rows = table as Sealable<Row>
  const keys = await rows.toCollection().primaryKeys()
  for (let at = 0; at < keys.length; at += size) {
    const some = keys.slice(at, at + size)
    const found = await rows.bulkGet(some as never)
    const changes = await Promise.all(found.map((row) => (row === undefined ? undefined : sealed(row))))
    for (const [index, change] of changes.entries()) {
      if (change !== undefined) await rows.update(some[index] as never, change as never)
    }
    done(some.length)
  }
}
