// The base: records as last pulled, apart from what was edited here. Absence
// proves nothing: only leave, tombstone and the end of a full replacement remove
// a row, and never one with edits that are still on their way (kept for rescue).
import type { Change, Values } from '@/sync/wire'
import type { BodyCodec } from './codec'
import { Stage, type BaseRow, type Database } from './database'
import type { Touched } from './touched'

/** Rows a sweep handles at a time. */
const sweepBatch = 500

export interface SealedChange {
  change: Change
  row: BaseRow | null
}

/** What a row is listed under: its household, or, for a photo, the record it belongs to. */
export function householdOf(type: string, id: string, record: Values | undefined): string {
  if (type === 'households') return id
  const under = type === 'photos' ? record?.owner : record?.household
  return typeof under === 'string' ? under : ''
}

export class Base {
  constructor(
    private readonly db: Database,
    private readonly codec: BodyCodec,
    private readonly touched: Touched,
  ) {}

  async seal(changes: readonly Change[], generation: number): Promise<SealedChange[]> {
    return Promise.all(
      changes.map(async (change) => {
        if (change.kind !== 'put') return { change, row: null }
        const { type, id, record } = change
        const body = await this.codec.encode(id, record ?? {})
        const household = householdOf(type, id, record)
        return { change, row: { type, id, household, rev: change.rev ?? change.seq, generation, body } }
      }),
    )
  }

  /** Applies a page within the caller's transaction (meta, base, ops, touched). */
  async applySealed(page: readonly SealedChange[]): Promise<void> {
    // The last word on a record within a page counts.
    const last = new Map<string, SealedChange>()
    for (const item of page) last.set(`${item.change.type}/${item.change.id}`, item)
    const puts: BaseRow[] = []
    for (const { change, row } of last.values()) {
      if (row !== null) puts.push(row)
      else await this.remove(change.type, change.id)
    }
    if (await this.touched.wanted()) await this.noteMoved(puts)
    await this.db.base.bulkPut(puts)
  }

  /** What moved to another household is missed by the one that it left. */
  private async noteMoved(puts: readonly BaseRow[]): Promise<void> {
    const before = await this.db.base.bulkGet(puts.map((row): [string, string] => [row.type, row.id]))
    await this.touched.note([...puts, ...before].map((row) => row?.household ?? ''))
  }

  /** A clean copy goes; one with open edits stays, marked as gone. */
  private async remove(type: string, id: string): Promise<void> {
    if (await this.touched.wanted()) await this.touched.note([(await this.db.base.get([type, id]))?.household ?? ''])
    if (await this.isEdited(type, id)) await this.db.base.update([type, id], { gone: 1 })
    else await this.db.base.delete([type, id])
  }

  private async isEdited(type: string, id: string): Promise<boolean> {
    const own = await this.db.ops.where('[type+record]').equals([type, id]).toArray()
    if (own.some(isOpen)) return true
    if (type !== 'households') return false
    // A household is kept for the sake of what hangs on it, so that it can be named.
    return (await this.db.ops.where('household').equals(id).toArray()).some(isOpen)
  }

  /** The end of a full replacement: rows that did not appear in it go. Within the caller's transaction. */
  async sweep(generation: number): Promise<void> {
    const stale = await this.db.base.where('generation').below(generation).primaryKeys()
    for (let at = 0; at < stale.length; at += sweepBatch) {
      for (const [type, id] of stale.slice(at, at + sweepBatch)) await this.remove(type, id)
    }
  }

  /** Gone rows whose last edit has ended are let go. Within the caller's transaction. */
  async releaseGone(): Promise<void> {
    for (const row of await this.db.base.where('gone').equals(1).toArray()) await this.remove(row.type, row.id)
  }

  /** Those of a type that left, and are kept for the sake of open edits. */
  goneOf(type: string): Promise<BaseRow[]> {
    return this.db.base.where('gone').equals(1).filter((row) => row.type === type).toArray()
  }

  row(type: string, id: string): Promise<BaseRow | undefined> {
    return this.db.base.get([type, id])
  }

  record(row: BaseRow): Promise<Values> {
    return this.codec.decode<Values>(row.id, row.body)
  }
}

const isOpen = (row: { stage: number; outcome: string | null }): boolean =>
  row.stage !== Stage.past || row.outcome === 'held'
