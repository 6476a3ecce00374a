// Records as the user sees them: base ⊕ outbox (sync/view.ts does the sum).
import type { Schema } from '@/sync/schema'
import { viewOf } from '@/sync/view'
import type { OpBody, Values } from '@/sync/wire'
import { Base } from './base'
import type { BodyCodec } from './codec'
import { Stage, type BaseRow, type Database, type OpRow } from './database'
import type { Meta } from './meta'

export interface Entry {
  type: string
  id: string
  /** The rev as last pulled: what a form keeps as its ops' base. 0: not pulled yet. */
  rev: number
  record: Values
  /** Edits the server has not decided or the cursor not passed. */
  pending: number
}

const emptySchema: Schema = { schema: 0, types: {} }
const highest = '\uffff'

export class Records {
  constructor(
    private readonly db: Database,
    private readonly base: Base,
    private readonly meta: Meta,
    private readonly codec: BodyCodec,
  ) {}

  async get(type: string, id: string): Promise<Entry | undefined> {
    const [row, ops] = await Promise.all([
      this.base.row(type, id),
      this.db.ops.where('[type+record]').equals([type, id]).toArray(),
    ])
    return (await this.merge(row ? [row] : [], ops))[0]
  }

  /** All records of a type. */
  async list(type: string): Promise<Entry[]> {
    const span = [[type, ''] as [string, string], [type, highest] as [string, string]] as const
    const [rows, ops] = await Promise.all([
      this.db.base.where('[type+id]').between(...span).toArray(),
      this.db.ops.where('[type+record]').between(...span).toArray(),
    ])
    return this.merge(rows, ops)
  }

  /** A household's records of a type. */
  async of(type: string, household: string): Promise<Entry[]> {
    const [rows, ops] = await Promise.all([
      this.db.base.where('[type+household]').equals([type, household]).toArray(),
      this.db.ops.where('[type+household]').equals([type, household]).toArray(),
    ])
    return this.merge(rows, ops)
  }

  /** A record's photos: pulled ones are listed under it, those made here are in the photo queue. */
  async photosOf(owner: string): Promise<Entry[]> {
    const [rows, made] = await Promise.all([
      this.db.base.where('[type+household]').equals(['photos', owner]).toArray(),
      this.db.photos.where('owner').equals(owner).primaryKeys(),
    ])
    const ids = new Set([...rows.map((row) => row.id), ...made])
    const ops = await this.db.ops.where('[type+record]').anyOf([...ids].map((id) => ['photos', id])).toArray()
    return this.merge(rows, ops)
  }

  /** The last pulled copy of a record that left while edits were open: for rescue. */
  async gone(type: string, id: string): Promise<Values | undefined> {
    const row = await this.base.row(type, id)
    return row ? this.base.record(row) : undefined
  }

  private async merge(rows: readonly BaseRow[], ops: readonly OpRow[]): Promise<Entry[]> {
    // It is large, and only what edits do to a record depends on it.
    const schema = ops.length > 0 ? ((await this.meta.get('schema')) ?? emptySchema) : emptySchema
    const pending = new Map<string, OpRow[]>()
    for (const op of [...ops].sort((a, b) => a.ord - b.ord)) {
      if (op.stage === Stage.past) continue
      const list = pending.get(op.record)
      if (list === undefined) pending.set(op.record, [op])
      else list.push(op)
    }
    // A record that left is no base for anything; one created here and not yet pulled has none.
    const present = rows.filter((row) => row.gone !== 1)
    const presentIds = new Set(present.map((row) => row.id))
    const known = await Promise.all(present.map((row) => this.entry(schema, row, pending.get(row.id) ?? [])))
    const made = await Promise.all(
      [...pending.entries()].filter(([id]) => !presentIds.has(id)).map(([, own]) => this.entry(schema, undefined, own)),
    )
    return [...known, ...made].filter((entry) => entry !== undefined)
  }

  private async entry(schema: Schema, row: BaseRow | undefined, ops: readonly OpRow[]): Promise<Entry | undefined> {
    const base = row && (await this.base.record(row))
    const bodies = await Promise.all(ops.map((op) => this.codec.decode<OpBody>(op.id, op.body)))
    const record = viewOf(schema, base, bodies)
    const first = row ?? ops[0]
    if (record === undefined || first === undefined) return undefined
    const id = row?.id ?? ops[0]?.record ?? ''
    return { type: first.type, id, rev: row?.rev ?? 0, record, pending: ops.length }
  }
}
