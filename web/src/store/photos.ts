// The photos' own queue, apart from the ops: bytes wait here until the server
// holds them durably. A thumbnail stays.
import type { BodyCodec } from './codec'
import type { Database, PhotoRow } from './database'
import type { Change } from '@/sync/wire'

export interface NewPhoto {
  id: string
  owner: string
  household: string
  picture: Uint8Array
  thumb: Uint8Array
  sha256: string
  filetype: string
  made: number
}

export type PhotoEntry = Omit<PhotoRow, 'body' | 'thumb'>

export class Photos {
  constructor(
    private readonly db: Database,
    private readonly codec: BodyCodec,
  ) {}

  /** Keeps a picture of an open form, so that it outlives a killed browser. */
  async keepDraft(photo: NewPhoto): Promise<void> {
    const [body, thumb] = await Promise.all([
      this.codec.encode(photo.id, photo.picture, 'handover'),
      this.codec.encode(`${photo.id}/thumb`, photo.thumb),
    ])
    const { id, owner, household, sha256, filetype, made } = photo
    await this.db.photos.put({
      ...{ id, owner, household, sha256, filetype, made, body, thumb },
      ...{ state: 'draft', bytes: photo.picture.byteLength, offset: 0, url: null, attempts: 0, problem: null },
      storedSeq: null,
    })
  }

  async dropDraft(id: string): Promise<void> {
    await this.db.transaction('rw', this.db.photos, async () => {
      if ((await this.db.photos.get(id))?.state === 'draft') await this.db.photos.delete(id)
    })
  }

  /** The form was saved: its pictures wait for upload. Within the caller's transaction. */
  async enqueue(ids: readonly string[], owner: string): Promise<void> {
    for (const id of ids) await this.db.photos.update(id, { state: 'waiting', owner })
  }

  async next(after: ReadonlySet<string>): Promise<PhotoRow | undefined> {
    return this.waitingRows().and((row) => !after.has(row.id)).first()
  }

  waiting(): Promise<number> {
    return this.waitingRows().count()
  }

  async waitingIds(): Promise<string[]> {
    return (await this.waitingRows().primaryKeys()) as string[]
  }

  private waitingRows() {
    return this.db.photos.where('[state+made]').between(['waiting', -Infinity], ['waiting', Infinity])
  }

  async progress(id: string, offset: number, url: string | null): Promise<void> {
    await this.db.photos.update(id, { offset, url })
  }

  /** All bytes are there; the record's state has the last word. */
  async markSent(id: string): Promise<void> {
    await this.db.photos.update(id, (row) => {
      if (row.state === 'waiting') row.state = 'sent'
      row.offset = row.bytes
      row.problem = null
    })
  }

  async noteFailure(id: string, problem: string, final: boolean): Promise<void> {
    await this.db.photos.update(id, (row) => {
      row.problem = problem
      if (final) row.state = 'refused'
    })
  }

  /** From the first byte again; `most` such starts are made. A broken connection is none. */
  async startOver(id: string, problem: string, most: number): Promise<void> {
    await this.db.photos.update(id, (row) => {
      Object.assign(row, { offset: 0, url: null, attempts: row.attempts + 1, problem })
      if (row.attempts >= most) row.state = 'refused'
    })
  }

  /** Pictures whose form was never kept: the app was killed between the two. */
  async dropOrphans(madeBefore: number): Promise<void> {
    await this.db.transaction('rw', this.db.photos, this.db.drafts, async () => {
      const old = await this.db.photos.where('[state+made]').between(['draft', -Infinity], ['draft', madeBefore]).toArray()
      const kept = await this.db.drafts.bulkGet(old.map((row) => row.owner))
      await this.db.photos.bulkDelete(old.filter((_row, at) => kept[at] === undefined).map((row) => row.id))
    })
  }

  /** By the worker's button: once more from the start. */
  async retry(id: string): Promise<void> {
    await this.db.photos.update(id, (row) => {
      if (row.body === null) return
      Object.assign(row, { state: 'waiting', offset: 0, url: null, attempts: 0, problem: null })
    })
  }

  /** What pulled photo records say of their bytes. Within the caller's transaction. */
  async noteRecords(changes: readonly Change[]): Promise<void> {
    for (const { type, kind, id, rev, seq, record } of changes) {
      if (type !== 'photos' || kind !== 'put') continue
      const state = record?.state
      if (state === 'stored') await this.db.photos.update(id, { state: 'stored', storedSeq: rev ?? seq, problem: null })
      else if (state === 'refused') await this.db.photos.update(id, { state: 'refused', problem: 'refused' })
    }
  }

  /** Frees pictures that a verified backup covers; no durable_seq frees nothing. */
  async free(durableSeq: number): Promise<void> {
    if (durableSeq <= 0) return
    await this.db.photos
      .where('[state+made]')
      .between(['stored', -Infinity], ['stored', Infinity])
      .and((row) => row.body !== null && row.storedSeq !== null && row.storedSeq <= durableSeq)
      .modify({ body: null })
  }

  /** The server was restored: whatever is still here goes again. */
  async requeue(): Promise<void> {
    await this.db.photos
      .filter((row) => row.body !== null && (row.state === 'sent' || row.state === 'stored'))
      .modify({ state: 'waiting', offset: 0, url: null, storedSeq: null })
  }

  /** Every photo that is still on its way or had trouble, oldest first. */
  async entries(): Promise<PhotoEntry[]> {
    const found: PhotoEntry[] = []
    await this.db.photos
      .where('[state+made]')
      .between(['refused', -Infinity], ['waiting', Infinity])
      .and((row) => row.state !== 'stored')
      .each(({ body: _body, thumb: _thumb, ...entry }) => found.push(entry))
    return found.sort((a, b) => a.made - b.made)
  }

  async picture(id: string): Promise<Uint8Array | undefined> {
    const row = await this.db.photos.get(id)
    return row?.body ? this.codec.decode<Uint8Array>(id, row.body) : undefined
  }

  async thumb(id: string): Promise<Uint8Array | undefined> {
    const row = await this.db.photos.get(id)
    return row?.thumb ? this.codec.decode<Uint8Array>(`${id}/thumb`, row.thumb) : undefined
  }

  async has(id: string): Promise<boolean> {
    return (await this.db.photos.get(id)) !== undefined
  }
}
