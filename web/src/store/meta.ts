// The few facts a device keeps about itself, by key, typed.
import type { Schema } from '@/sync/schema'
import type { Database } from './database'

/** This installation, as the server knows it. */
export interface DeviceState {
  id: string
  epoch: string
  /** The number of the next op: dense from 1. */
  nextN: number
  /** Numbers that a restored server lacks and that are no longer here: to be reported (§8). */
  lost?: NumberRange
  /**
   * A push has to show that the server's number line is still ours before anything is
   * forgotten; history: it was restored, and may lack what former devices sent as well.
   */
  doubt?: 'line' | 'history'
}

export interface NumberRange {
  from: number
  to: number
}

/** How far the pull is. */
export interface PullState {
  cursor: string | null
  /** The generation that rows are written with. */
  generation: number
  /** A pull from the beginning is under way: at its end it replaces the base. */
  full: boolean
  /** Rows received in this full pull, for the progress bar. */
  received: number
  /** About how many rows it will bring; null where the server did not say. */
  total: number | null
  /** Ops with seq up to here had their outcome when this chain of pages began. */
  chainAck: number
  /** True between the first page of a chain and its last. */
  inChain: boolean
  /** The cursor has passed the effects of ops with seq up to here. */
  passedSeq: number
  /** At least one full pull was read to its end. */
  complete: boolean
}

export interface SyncState {
  lastSync: number | null
  lastTry: number | null
  problem: string | null
  revoked: boolean
  outdated: boolean
  durableSeq: number
  skewMillis: number
}

export interface MetaValues {
  device: DeviceState
  pull: PullState
  sync: SyncState
  schema: Schema
  nextOrd: number
  /** No body of a build without a cipher is left. */
  sealed: boolean
  /** The format of the index of lines. */
  linesFormat: number
}

export const freshPull: PullState = {
  cursor: null,
  generation: 1,
  full: true,
  received: 0,
  total: null,
  chainAck: 0,
  inChain: false,
  passedSeq: 0,
  complete: false,
}

export const freshSync: SyncState = {
  lastSync: null,
  lastTry: null,
  problem: null,
  revoked: false,
  outdated: false,
  durableSeq: 0,
  skewMillis: 0,
}

export class Meta {
  constructor(private readonly db: Database) {}

  async get<K extends keyof MetaValues>(key: K): Promise<MetaValues[K] | undefined> {
    return (await this.db.meta.get(key))?.value as MetaValues[K] | undefined
  }

  async set<K extends keyof MetaValues>(key: K, value: MetaValues[K]): Promise<void> {
    await this.db.meta.put({ key, value })
  }

  async pull(): Promise<PullState> {
    return (await this.get('pull')) ?? freshPull
  }

  async sync(): Promise<SyncState> {
    return (await this.get('sync')) ?? freshSync
  }

  /** Changes part of the sync state; callers in the same moment do not undo each other. */
  async noteSync(change: Partial<SyncState>): Promise<void> {
    await this.db.transaction('rw', this.db.meta, async () => {
      await this.set('sync', { ...(await this.sync()), ...change })
    })
  }
}
