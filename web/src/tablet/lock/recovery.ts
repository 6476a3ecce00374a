// The passphrase is forgotten, the account has just signed in: the server opens the key
// that was sealed to it, and everything is as it was. A revoked tablet gets no key: it
// hands over what waits, sealed as it lies, and is erased on order.
import { base64url, fromBase64url } from '@/crypto/bytes'
import { lockedCodec } from '@/crypto/codec'
import { databaseOf, type Session } from '@/store/session'
import { Store } from '@/store/store'
import { handOver, type HandOver } from '@/sync/handover'
import { asProblem } from '@/sync/problem'
import { api, contextOf, live, now, sessions, state } from '../app'
import { held, wipe } from './open'

/** Nobody can open what is here: the worker is asked before it goes. */
export class StrandedError extends Error {
  constructor(readonly left: HandOver) {
    super('lock: nothing can open what is left here')
  }
}

const lockedStore = (account: string): Store => new Store({ name: databaseOf(account), now, codec: lockedCodec })

export async function recover(session: Session): Promise<void> {
  live.session = session
  const store = lockedStore(session.account.id)
  try {
    if (await openKey(session.account.id, store)) return
    const left = await handOver(contextOf(store))
    if (left.wipe) return await wipe(store)
    if (left.ops + left.photos + left.drafts > 0) throw new StrandedError(left)
    await startAfresh()
  } finally {
    store.close()
  }
}

/** True once the key is here and a new passphrase is to be chosen for it. */
async function openKey(account: string, store: Store): Promise<boolean> {
  const row = await sessions.vault(account)
  const device = await store.meta.get('device')
  if (!row?.recovery || !device) return false
  const opened = await api.openKey(device.id, base64url(row.recovery.sealed)).catch((error) => asProblem(error))
  if ('key' in opened) {
    held.key = fromBase64url(opened.key)
    state.gate = 'choose'
    return true
  }
  if (opened.code !== 'device_revoked' && opened.code !== 'not_found' && opened.code !== 'invalid') throw opened
  if (opened.code === 'device_revoked') await store.meta.noteSync({ revoked: true })
  return false
}

/** Erases this account's sealed records and begins again with a new passphrase. */
export async function startAfresh(): Promise<void> {
  const session = live.session
  if (session === null) throw new Error('lock: starting afresh needs a sign-in')
  await lockedStore(session.account.id).wipe()
  await sessions.dropVault(session.account.id)
  held.key = null
  state.who = session.account
  state.gate = 'choose'
}
