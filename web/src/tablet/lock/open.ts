// Opening and closing an account's records. The data key lives here, in the memory of
// this tab, from unlocking to locking; another tab is unlocked for itself, and the
// channel between tabs says "lock" and never carries a key.
import { nextTick } from 'vue'
import { SealingCodec, isSealed } from '@/crypto/codec'
import type { Bytes } from '@/crypto/bytes'
import { sealPlain } from '@/store/seal-plain'
import { openEarly } from '@/store/lines'
import { databaseOf } from '@/store/session'
import { Store } from '@/store/store'
import { joinSync, leaveSync, live, now, random, sessions, state } from '../app'
import { leaseOver } from '../data/lease'
import { expectList, whenQuiet } from '../data/quiet'
import { watchServerKey } from './server-key'
import { coolDown, takeWarm } from './warm'

/** The key of the unlocked database, or the one that a passphrase is being chosen for. */
export const held: { key: Bytes | null } = { key: null }
let unwatch = (): void => {}
const channel = new BroadcastChannel('doorstep-lock')
channel.onmessage = () => void lock(false)

export async function open(key: Bytes): Promise<void> {
  const who = state.who
  if (who === null) throw new Error('lock: nobody to open for')
  expectList()
  const codec = await SealingCodec.of(key, random)
  held.key = key
  const warm = takeWarm(who.id)
  const early = warm && openEarly(warm.lines, codec)
  const store = new Store({ name: databaseOf(who.id), now, codec, db: warm?.db, early })
  const signedIn = live.session
  const [session, sealed, known, pull] = await Promise.all([signedIn ?? sessions.open(codec), store.meta.get('sealed'), store.meta.sync(), store.meta.pull()])
  if (session === null) {
    store.close()
    return leave()
  }
  if (sealed !== true) {
    state.gate = 'sealing'
    await sealPlain({ db: store.db, meta: store.meta, codec, isSealed })
  }
  // A session that was read from the disk lies there already.
  if (signedIn !== null) await sessions.enter(session, codec)
  live.session = session
  state.account = session.account
  state.pull = pull
  state.store = store
  unwatch = whenQuiet(() => (unwatch = watchServerKey(store, codec, who.id, () => held.key)))
  if (leaseOver(known, now())) state.gate = 'lease'
  else await enter(store)
}

export async function enter(store: Store): Promise<void> {
  if (live.session === null) return
  joinSync(store, live.session.account.id, () => wipe(store))
  state.gate = 'open'
}

/** Locks: the key and the token leave the memory, once everything typed is on disk. */
export async function lock(tellOthers = true): Promise<void> {
  // The practice village holds invented people: what is real was locked on entering it.
  if (state.practice || (state.gate !== 'open' && state.gate !== 'lease')) return
  if (tellOthers) channel.postMessage('lock')
  state.gate = 'unlock'
  await nextTick()
  await close()
}

/** The lease ended while the app was open: records go out of sight, sync may go on. */
export async function checkLease(): Promise<void> {
  if (state.practice || state.gate !== 'open' || state.store === null) return
  if (leaseOver(await state.store.meta.sync(), now())) {
    leaveSync()
    state.gate = 'lease'
  }
}

export async function close(): Promise<void> {
  leaveSync()
  unwatch()
  const { store } = state
  state.store = null
  state.account = null
  live.session = null
  await store?.drafts.settled()
  store?.close()
  held.key?.fill(0)
  held.key = null
}

/** Closes, and forgets who was here. Records, drafts and everything unsent stay on the device for this account. */
export async function leave(): Promise<void> {
  state.gate = 'signin'
  coolDown()
  await nextTick()
  await close()
  await sessions.leave()
  state.who = null
}

/** By the server's order, after everything here is held there. */
export async function wipe(store: Store): Promise<void> {
  const account = state.who?.id
  leaveSync()
  await store.wipe()
  if (account !== undefined) await sessions.dropVault(account)
  await leave()
  state.wiped = true
}
