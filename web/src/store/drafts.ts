// Forms in the making: saved at each keystroke, several at once. A draft ends
// when its form is saved (in the same transaction as the ops) or thrown away.
import type { BodyCodec } from './codec'
import type { Database, DraftRow } from './database'

export interface Draft<T> {
  id: string
  kind: string
  household: string
  updated: number
  body: T
}

export class Drafts {
  private readonly saving = new Set<Promise<void>>()

  constructor(
    private readonly db: Database,
    private readonly codec: BodyCodec,
  ) {}

  async save<T>(draft: Draft<T>): Promise<void> {
    const saving = this.write(draft)
    this.saving.add(saving)
    try {
      await saving
    } finally {
      this.saving.delete(saving)
    }
  }

  /** Waits until every draft under way is on disk: a lock must not cut one off. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled([...this.saving])
      // A form that was typed in meanwhile begins its next save a few turns later.
      await new Promise((resolve) => setTimeout(resolve, 0))
    } while (this.saving.size > 0)
  }

  private async write<T>(draft: Draft<T>): Promise<void> {
    const body = await this.codec.encode(draft.id, draft.body)
    await this.db.drafts.put({ ...draft, body })
  }

  async get<T>(id: string): Promise<Draft<T> | undefined> {
    const row = await this.db.drafts.get(id)
    return row && this.open<T>(row)
  }

  async list<T>(): Promise<Draft<T>[]> {
    const rows = await this.db.drafts.orderBy('updated').reverse().toArray()
    return Promise.all(rows.map((row) => this.open<T>(row)))
  }

  async of<T>(household: string): Promise<Draft<T>[]> {
    const rows = await this.db.drafts.where('household').equals(household).reverse().sortBy('updated')
    return Promise.all(rows.map((row) => this.open<T>(row)))
  }

  /** Throws a draft away, with the pictures that belong to it alone. */
  async drop(id: string): Promise<void> {
    await this.db.transaction('rw', this.db.drafts, this.db.photos, async () => {
      await this.db.drafts.delete(id)
      await this.db.photos
        .where('owner')
        .equals(id)
        .and((row) => row.state === 'draft')
        .delete()
    })
  }

  private async open<T>(row: DraftRow): Promise<Draft<T>> {
    return { ...row, body: await this.codec.decode<T>(row.id, row.body) }
  }
}
