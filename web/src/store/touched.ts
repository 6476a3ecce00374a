// Which households' lines are older than their records. Written in the transaction
// that changes the records, so that a killed browser forgets none.
import type { Database } from './database'

export class Touched {
  constructor(private readonly db: Database) {}

  /** Within the caller's transaction (touched). */
  async note(households: Iterable<string>): Promise<void> {
    const rows = [...new Set(households)].filter((household) => household !== '').map((household) => ({ household }))
    if (rows.length > 0) await this.db.touched.bulkAdd(rows)
  }
}
