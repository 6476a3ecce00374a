// While the passphrase is typed, the account's database is opened and its index of lines
// is read: that takes as long as drawing the first list, and what was read stays sealed.
import { Database, type LineRow } from '@/store/database'
import { databaseOf } from '@/store/session'

export interface Warm {
  account: string
  db: Database
  lines: Promise<LineRow[]>
}

let warm: Warm | null = null

export function warmUp(account: string): void {
  coolDown()
  const db = new Database(databaseOf(account))
  const lines = db.lines.toArray().catch((error: unknown) => {
    console.warn('reading before unlocking', error)
    return []
  })
  warm = { account, db, lines }
}

/** What was opened and read, once; undefined where it is another's or nothing. */
export function takeWarm(account: string): Warm | undefined {
  if (warm?.account !== account) return undefined
  const taken = warm
  warm = null
  return taken
}

export function coolDown(): void {
  warm?.db.close()
  warm = null
}
