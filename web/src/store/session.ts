// Who is signed in on this browser, and the accounts that were: each has a database
// and a lock of its own, so that signing out loses nothing and shows nobody
// another's records. The token lies sealed; the name that the lock screen greets by
// does not.
import Dexie, { type Table } from 'dexie'
import type { VaultRow } from '@/crypto/vault'
import type { Account } from '@/sync/api'
import type { BodyCodec, Stored } from './codec'

export interface Session {
  account: Account
  token: string
  /** When the token was issued here; it is renewed when it grows old. */
  tokenAt: number
}

/** What the lock screen may know. */
export type Who = Pick<Account, 'id' | 'email' | 'name'>

interface SessionRow {
  key: 'current'
  who: Who
  sealed: Stored
}

/** As the build before the cipher left it. */
interface PlainRow extends Session {
  key: 'current'
}

interface RememberedRow {
  identity: string
  account: string
}

class SessionDatabase extends Dexie {
  declare session: Table<SessionRow | PlainRow, string>
  declare remembered: Table<RememberedRow, string>
  declare vaults: Table<VaultRow, string>

  constructor(name: string) {
    super(name, { cache: 'disabled' })
    this.version(1).stores({ session: 'key', remembered: 'identity' })
    this.version(2).stores({ vaults: 'account' })
  }
}

const sealedName = 'session'

export class Sessions {
  private readonly db: SessionDatabase

  constructor(name = 'doorstep-session') {
    this.db = new SessionDatabase(name)
  }

  /** Who was here last, and has not signed out. */
  async who(): Promise<Who | null> {
    const row = await this.db.session.get('current')
    if (row === undefined) return null
    return 'who' in row ? row.who : whoOf(row.account)
  }

  /** A session of the build before the cipher; it ends as soon as it is entered anew. */
  async plain(): Promise<Session | null> {
    const row = await this.db.session.get('current')
    return row === undefined || 'who' in row ? null : { account: row.account, token: row.token, tokenAt: row.tokenAt }
  }

  async open(codec: BodyCodec): Promise<Session | null> {
    const row = await this.db.session.get('current')
    return row !== undefined && 'who' in row ? codec.decode<Session>(sealedName, row.sealed) : null
  }

  async enter(session: Session, codec: BodyCodec): Promise<void> {
    const sealed = await codec.encode(sealedName, session)
    await this.db.session.put({ key: 'current', who: whoOf(session.account), sealed })
    await this.db.remembered.put({ identity: session.account.email, account: session.account.id })
  }

  /** Signs out: the session goes, the account's database and its lock stay. */
  async leave(): Promise<void> {
    await this.db.session.delete('current')
  }

  async lastIdentity(): Promise<string | null> {
    return (await this.db.remembered.toCollection().last())?.identity ?? null
  }

  vault(account: string): Promise<VaultRow | undefined> {
    return this.db.vaults.get(account)
  }

  async keepVault(row: VaultRow): Promise<void> {
    await this.db.vaults.put(row)
  }

  /** Changes a lock by what is stored now: two tabs that guess at once both count. */
  async changeVault(account: string, change: (row: VaultRow) => VaultRow): Promise<VaultRow | undefined> {
    return this.db.transaction('rw', this.db.vaults, async () => {
      const row = await this.db.vaults.get(account)
      if (row === undefined) return undefined
      const next = change(row)
      await this.db.vaults.put(next)
      return next
    })
  }

  /** After a wipe there is nothing left to open. */
  async dropVault(account: string): Promise<void> {
    await this.db.vaults.delete(account)
  }

  close(): void {
    this.db.close()
  }
}

const whoOf = ({ id, email, name }: Account): Who => ({ id, email, name })

export const databaseOf = (account: string): string => `doorstep-${account}`
