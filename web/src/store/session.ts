// Who is signed in on this browser, and the accounts that were: each has a
// database of its own, so that signing out loses nothing and shows nobody
// another's records.
import Dexie, { type Table } from 'dexie'
import type { Account } from '@/sync/api'

export interface Session {
  account: Account
  token: string
  /** When the token was issued here; it is renewed when it grows old. */
  tokenAt: number
}

interface SessionRow extends Session {
  key: 'current'
}

interface RememberedRow {
  identity: string
  account: string
}

class SessionDatabase extends Dexie {
  declare session: Table<SessionRow, string>
  declare remembered: Table<RememberedRow, string>

  constructor(name: string) {
    super(name)
    this.version(1).stores({ session: 'key', remembered: 'identity' })
  }
}

export class Sessions {
  private readonly db: SessionDatabase

  constructor(name = 'doorstep-session') {
    this.db = new SessionDatabase(name)
  }

  async current(): Promise<Session | null> {
    return (await this.db.session.get('current')) ?? null
  }

  async enter(session: Session): Promise<void> {
    await this.db.session.put({ key: 'current', ...session })
    await this.db.remembered.put({ identity: session.account.email, account: session.account.id })
  }

  /** Signs out: the session goes, the account's database stays. */
  async leave(): Promise<void> {
    await this.db.session.delete('current')
  }

  async lastIdentity(): Promise<string | null> {
    return (await this.db.remembered.toCollection().last())?.identity ?? null
  }

  close(): void {
    this.db.close()
  }
}

export const databaseOf = (account: string): string => `doorstep-${account}`
