// The browser's database: tables and indexes, nothing else. Only store/ knows Dexie.
//
// Plain columns are what rows are found by (types, ids, numbers, states); all
// content is in `body`, which passes the codec. `ord` is the local order of edits:
// it survives a new registration, which gives ops a new device and new numbers.
import Dexie, { type Table } from 'dexie'
import type { FieldFate, Outcome, Problem } from '@/sync/wire'
import type { Stored } from './codec'

/**
 * A record as last pulled. `gone`: it left (or was deleted), kept because of unsent edits.
 * The others have no such mark (older builds gave them 0), so the index over it costs them nothing.
 */
export interface BaseRow {
  type: string
  id: string
  household: string
  rev: number
  generation: number
  gone?: 0 | 1
  body: Stored
}

/** The way of an op: 0 no outcome yet, 1 known but not pulled past, 2 past, kept until durable_seq. */
export const Stage = { open: 0, known: 1, past: 2 } as const
export type StageValue = (typeof Stage)[keyof typeof Stage]

export interface OpRow {
  ord: number
  device: string
  n: number
  id: string
  type: string
  record: string
  household: string
  /** The schema that its form was written for; absent: the first. An op is never rewritten, so an update keeps it. */
  schema?: number
  stage: StageValue
  /** 1 once it was in a request whose answer may have been lost. */
  sent: 0 | 1
  made: number
  outcome: Outcome | null
  seq: number | null
  fields: Record<string, FieldFate> | null
  case: string | null
  error: Problem | null
  /** What others wrote, how a person decided, the town's reason for giving the edit back: bodies, under names of their own. */
  theirs?: Stored | null
  resolution: Stored | null
  resolvedAt: string | null
  returned: Stored | null
  settled: number | null
  /** 1 when the worker has seen what became of it. */
  seen: 0 | 1
  /** 1 while there is something about it that the worker should see. */
  news: 0 | 1
  body: Stored
}

/** draft: in an open form; waiting: to be sent; sent: all bytes are there; stored, refused: the record says so. */
export type PhotoState = 'draft' | 'waiting' | 'sent' | 'stored' | 'refused'

export interface PhotoRow {
  id: string
  owner: string
  household: string
  state: PhotoState
  made: number
  bytes: number
  sha256: string
  filetype: string
  /** Bytes that the server has; the upload's address to go on from. */
  offset: number
  url: string | null
  attempts: number
  problem: string | null
  storedSeq: number | null
  /** The picture itself; null once the server holds it durably. */
  body: Stored | null
  thumb: Stored | null
}

export interface DraftRow {
  id: string
  kind: string
  household: string
  updated: number
  body: Stored
}

/** A part of the index of what lists show (lines.ts). */
export interface LineRow {
  part: number
  /** Rises with each writing, so that other tabs see it. */
  version: number
  body: Stored
}

/** A household whose line is older than its records. */
export interface TouchedRow {
  mark?: number
  household: string
}

export interface MetaRow {
  key: string
  value: unknown
}

export class Database extends Dexie {
  declare meta: Table<MetaRow, string>
  declare base: Table<BaseRow, [string, string]>
  declare ops: Table<OpRow, number>
  declare photos: Table<PhotoRow, string>
  declare drafts: Table<DraftRow, string>
  declare lines: Table<LineRow, number>
  declare touched: Table<TouchedRow, number>

  constructor(name: string) {
    // Dexie's cache of live queries showed a draft that was deleted with its form's commit.
    super(name, { cache: 'disabled' })
    this.version(1).stores({
      meta: 'key',
      base: '[type+id], [type+household], [type+gone], generation, gone',
      ops: 'ord, &[device+n], &id, [type+record], [type+household], household, [device+stage+n], stage, [stage+seq], news, outcome',
      photos: 'id, owner, household, [state+made]',
      drafts: 'id, household, updated',
    })
    // What the previous build left in plain bodies is sealed by seal-plain.ts: an
    // upgrade's transaction does not outlive the waiting for a cipher.
    this.version(2).stores({ lines: 'part, [part+version]', touched: '++mark' })
    // An index nobody asked: each is written for every row of a first download.
    this.version(3).stores({ base: '[type+id], [type+household], generation, gone' })
  }
}
