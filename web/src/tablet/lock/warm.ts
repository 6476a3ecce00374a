// While the passphrase is typed, the account's database is opened: that takes as long as
// reading the first list, and what lies in it stays sealed.
import { Database } from '@/store/database'
import { databaseOf } from '@/store/session'

let warm: { account: string; db: Database } | null = null

export function warmUp(account: string): void {
  coolDown()
  const db = new Database(databaseOf(account))
  warm = { account, db }
  db.open().catch((error: unknown) => console.warn('opening before unlocking', error))
}

/** The opened database, once; undefined where it is another's or none. */
export function takeWarm(account: string): Database | undefined {
  if (warm?.account !== account) return undefined
  const { db } = warm
  warm = null
  return db
}

export function coolDown(): void {
  warm?.db.close()
  warm = null
}
