// The store: the tables' doors behind one object, and the writes that must be one
// transaction. It knows no Vue and no network; clock and codec are arguments.
import { Base, type SealedChange } from './base'
import { plainCodec, type BodyCodec } from './codec'
import { Database } from './database'
import { Drafts } from './drafts'
import type { EarlyParts } from './lines'
import { freshPull, Meta, type DeviceState, type PullState } from './meta'
import { Outbox, type NewOp, type SealedResult } from './outbox'
import { Photos } from './photos'
import { Records } from './records'
import { Touched } from './touched'
import type { PullAnswer, RegisterAnswer } from '@/sync/wire'

export interface StoreOptions {
  name: string
  now: () => number
  codec?: BodyCodec
  /** The database of this name, where it is open already. */
  db?: Database
  /** Parts of the index of lines that were read before anybody asked. */
  early?: EarlyParts
}

/** A page of a pull whose bodies are sealed already. */
export interface SealedPage {
  answer: PullAnswer
  changes: SealedChange[]
  results: SealedResult[]
}

/** What saving a form writes, all or nothing. */
export interface Commit {
  ops: NewOp[]
  /** Pictures of the form, and the record they belong to. */
  photos?: { ids: string[]; owner: string }
  /** The form's draft, which ends here. */
  draft?: string
}

export class Store {
  readonly db: Database
  readonly meta: Meta
  readonly base: Base
  readonly outbox: Outbox
  readonly photos: Photos
  readonly drafts: Drafts
  readonly records: Records
  readonly codec: BodyCodec
  readonly now: () => number
  readonly early: EarlyParts | undefined

  constructor(options: StoreOptions) {
    const codec = options.codec ?? plainCodec
    this.codec = codec
    this.now = options.now
    this.early = options.early
    this.db = options.db ?? new Database(options.name)
    this.meta = new Meta(this.db)
    const touched = new Touched(this.db)
    this.base = new Base(this.db, codec, touched)
    this.outbox = new Outbox(this.db, this.meta, codec, touched)
    this.photos = new Photos(this.db, codec)
    this.drafts = new Drafts(this.db, codec)
    this.records = new Records(this.db, this.base, this.meta, codec)
  }

  /** Saves a form: ops with their numbers, pictures into the queue, the draft's end. */
  async commit(commit: Commit): Promise<void> {
    const sealed = await this.outbox.seal(commit.ops)
    const { meta, ops, photos, drafts, touched } = this.db
    await this.db.transaction('rw', [meta, ops, photos, drafts, touched], async () => {
      await this.outbox.addSealed(sealed, this.now())
      if (commit.photos) await this.photos.enqueue(commit.photos.ids, commit.photos.owner)
      if (commit.draft !== undefined) await this.drafts.drop(commit.draft)
    })
  }

  async adoptDevice(answer: RegisterAnswer): Promise<void> {
    await this.meta.set('device', { id: answer.device, epoch: answer.epoch, nextN: answer.next_n })
  }

  /**
   * Begins a pull from the beginning, with a generation of its own. Without a cursor
   * nothing in an answer proves that it is of the history we know.
   */
  async restartPull(): Promise<void> {
    await this.db.transaction('rw', this.db.meta, async () => {
      const { generation, complete } = await this.meta.pull()
      await this.meta.set('pull', { ...freshPull, generation: generation + 1, complete })
      const device = await this.meta.get('device')
      if (device !== undefined) await this.meta.set('device', { ...device, doubt: device.doubt ?? 'line' })
    })
  }

  /** Before a chain's first page: which ops it is sure to show. */
  async beginChain(): Promise<PullState> {
    return this.db.transaction('rw', this.db.meta, this.db.ops, async () => {
      const pull = await this.meta.pull()
      if (pull.inChain) return pull
      const begun = { ...pull, inChain: true, chainAck: await this.outbox.highestSeq() }
      await this.meta.set('pull', begun)
      return begun
    })
  }

  /** Everything of a page that waits for the cipher, so that storing it waits for nothing. */
  async sealPage(answer: PullAnswer, generation: number): Promise<SealedPage> {
    const [changes, results] = await Promise.all([
      this.base.seal(answer.changes, generation),
      this.outbox.sealResults(answer.results ?? []),
    ])
    return { answer, changes, results }
  }

  /**
   * One page of a pull: rows, cursor and what follows from them in one transaction.
   * `from` is the state the page was asked with; a page that no longer fits (another
   * pull began meanwhile) is dropped whole. Returns the state after it, or null.
   */
  applyPage({ answer, changes, results }: SealedPage, from: PullState): Promise<PullState | null> {
    const { meta, base, ops, photos, touched } = this.db
    return this.db.transaction('rw', [meta, base, ops, photos, touched], async () => {
      const pull = await this.meta.pull()
      if (pull.generation !== from.generation || pull.cursor !== from.cursor) return null
      await this.base.applySealed(changes)
      await this.photos.noteRecords(answer.changes)
      await this.outbox.recordSealed(results, this.now())
      const received = pull.received + answer.changes.length
      const next = { ...pull, cursor: answer.cursor, received, total: answer.total || pull.total }
      const stored = answer.more ? next : await this.endChain(next)
      await this.meta.set('pull', stored)
      return stored
    })
  }

  private async endChain(pull: PullState): Promise<PullState> {
    const passedSeq = Math.max(pull.passedSeq, pull.chainAck)
    await this.outbox.settle(passedSeq, 0)
    if (pull.full) await this.base.sweep(pull.generation)
    await this.base.releaseGone()
    return { ...pull, passedSeq, full: false, inChain: false, complete: true }
  }

  /** What a verified backup covers may be let go: ops with their effects pulled, pictures. */
  async noteDurable(durableSeq: number | null | undefined): Promise<void> {
    if (!durableSeq || durableSeq <= 0) return
    await this.db.transaction('rw', [this.db.ops, this.db.meta, this.db.photos, this.db.touched], async () => {
      if ((await this.meta.get('device'))?.doubt !== undefined) return
      const { passedSeq } = await this.meta.pull()
      await this.meta.noteSync({ durableSeq })
      await this.outbox.settle(passedSeq, durableSeq)
      await this.photos.free(durableSeq)
    })
  }

  /**
   * The server was restored (§8): a new epoch, and everything is pulled from the beginning.
   * All that is still here goes again, not only what the server says it lacks: a clone of
   * this tablet may have taken the numbers since. What the server has it answers as before.
   */
  async adoptEpoch(epoch: string): Promise<void> {
    const { meta, ops, photos, touched } = this.db
    await this.db.transaction('rw', [meta, ops, photos, touched], async () => {
      const device = await this.meta.get('device')
      if (device === undefined) return
      await this.meta.set('device', { id: device.id, epoch, nextN: device.nextN, doubt: 'history' })
      await this.restartPull()
      await this.outbox.reopenFrom(device.id, 1)
      await this.photos.requeue()
    })
  }

  /**
   * The server lacks ops from nextN on: forgets their outcomes, so that they go again.
   * The numbers just from nextN on that are gone here, too, are noted as lost.
   */
  async rewindTo(nextN: number): Promise<void> {
    await this.db.transaction('rw', this.db.meta, this.db.ops, this.db.touched, async () => {
      // What is sent again may get numbers that the cursor once passed in the lost history.
      await this.meta.set('pull', { ...(await this.meta.pull()), passedSeq: 0 })
      const device = await this.meta.get('device')
      if (device === undefined || nextN >= device.nextN) return
      const kept = await this.outbox.reopenFrom(device.id, nextN)
      const first = kept[0] ?? device.nextN
      if (first > nextN) await this.meta.set('device', { ...device, lost: { from: nextN, to: first - 1 } })
    })
  }

  /** The loss was reported. */
  async lossTold(): Promise<void> {
    await this.changeDevice(({ lost: _lost, ...device }) => device)
  }

  /** A push was answered: the number line is known again. */
  async endDoubt(): Promise<void> {
    await this.changeDevice(({ doubt: _doubt, ...device }) => device)
  }

  private async changeDevice(change: (device: DeviceState) => DeviceState): Promise<void> {
    await this.db.transaction('rw', this.db.meta, async () => {
      const device = await this.meta.get('device')
      if (device !== undefined) await this.meta.set('device', change(device))
    })
  }

  /** By the server's order, after everything here is held there. */
  async wipe(): Promise<void> {
    await this.db.delete()
  }

  close(): void {
    this.db.close()
  }
}
