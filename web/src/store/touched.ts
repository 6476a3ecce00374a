// Which households' lines are older than their records. Written in the transaction
// that changes the records, so that a killed browser forgets none. As long as there is
// no index there is nothing to note: who makes one looks at every household (lines.ts).
import type { Database } from './database'

export class Touched {
  constructor(private readonly db: Database) {}

  /** Whether anything is to be noted. Within the caller's transaction (meta). */
  async wanted(): Promise<boolean> {
    return (await this.db.meta.get('linesFormat')) !== undefined
  }

  /** Within the caller's transaction (meta, touched). */
  async note(households: Iterable<string>): Promise<void> {
    const rows = [...new Set(households)].filter((household) => household !== '').map((household) => ({ household }))
    if (rows.length > 0 && (await this.wanted())) await this.db.touched.bulkAdd(rows)
  }
}
