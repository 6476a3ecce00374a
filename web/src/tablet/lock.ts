// What stands before the records: sign-in, passphrase, lease, lock. The data key
// lives here, in the memory of this tab, from unlocking to locking; another tab is
// unlocked for itself, and the channel between tabs says "lock" and never carries a key.
import { liveQuery } from 'dexie'
import { nextTick } from 'vue'
import { SealingCodec, isSealed, lockedCodec } from '@/crypto/codec'
import { base64url, fromBase64url, type Bytes } from '@/crypto/bytes'
import { clearTries, countTry, tryState } from '@/crypto/tries'
import { lockWith, newDataKey, rewrap, unlockWith, type VaultPorts, type VaultRow } from '@/crypto/vault'
import { sealPlain } from '@/store/seal-plain'
import { databaseOf, type Session } from '@/store/session'
import { Store } from '@/store/store'
import { handOver, type HandOver } from '@/sync/handover'
import type { Account } from '@/sync/api'
import { asProblem } from '@/sync/problem'
import type { ServerKey } from '@/sync/wire'
import { api, contextOf, joinSync, leaveSync, live, now, random, sessions, state, syncNow } from './app'
import { leaseOver } from './data/lease'

const ports: VaultPorts = {
  random,
  derive: async (passphrase, salt, hardness) => (await import('@/crypto/argon2')).derive(passphrase, salt, hardness),
}

/** The key of the unlocked database, or the one that a passphrase is being chosen for. */
let dataKey: Bytes | null = null
let unwatch = (): void => {}
const channel = new BroadcastChannel('doorstep-lock')
channel.onmessage = () => void lock(false)

/** Finds who was here last. Nothing is opened without the passphrase. */
export async function start(): Promise<void> {
  state.who = await sessions.who()
  if (state.who === null) {
    state.gate = 'signin'
    return
  }
  live.session = await sessions.plain()
  state.gate = (await sessions.vault(state.who.id)) === undefined ? 'choose' : 'unlock'
  // A sealed session without its lock cannot be opened any more.
  if (state.gate === 'choose' && live.session === null) await signOut()
}

export async function signIn(identity: string, password: string): Promise<void> {
  const answer = await api.signIn(identity.trim(), password)
  const session: Session = { account: answer.record, token: answer.token, tokenAt: now() }
  const same = state.who?.id === session.account.id
  state.wiped = false
  state.expired = false
  if (state.gate === 'forgot' && same) return recover(session)
  if (state.store !== null && same) return enterAgain(session, state.store)
  await close()
  live.session = session
  state.who = session.account
  state.gate = (await sessions.vault(session.account.id)) === undefined ? 'choose' : 'unlock'
}

/** The token or the lease had run out; the store is open behind the gate. */
async function enterAgain(session: Session, store: Store): Promise<void> {
  live.session = session
  state.account = session.account
  await sessions.enter(session, store.codec)
  if (state.gate === 'lease') {
    await store.meta.noteSync({ lastSync: now() })
    await enter(store)
  }
  syncNow()
}

/** The first passphrase on this tablet, or a new one for a key that the server opened. */
export async function choose(passphrase: string): Promise<void> {
  if (state.who === null) throw new Error('lock: nobody to choose a passphrase for')
  const { id } = state.who
  const known = await sessions.vault(id)
  const key = dataKey ?? newDataKey(ports)
  await sessions.keepVault(known && dataKey ? await rewrap(ports, known, key, passphrase) : await lockWith(ports, id, passphrase, key))
  void navigator.storage?.persist?.()
  await open(key)
}

export type Unlocking = { ok: true } | { ok: false; row: VaultRow }

/** Counts the try on disk before it looks at the passphrase. */
export async function unlock(passphrase: string): Promise<Unlocking> {
  const id = state.who?.id ?? ''
  const before = await sessions.vault(id)
  if (before === undefined) throw new Error('lock: no lock to open')
  if (tryState(before, now()).kind !== 'open') return { ok: false, row: before }
  const row = await sessions.changeVault(id, (stored) => countTry(stored, now()))
  const key = row && (await unlockWith(ports, row, passphrase))
  if (!row || !key) return { ok: false, row: row ?? before }
  await sessions.changeVault(id, clearTries)
  await open(key)
  return { ok: true }
}

export const vaultOfWho = async (): Promise<VaultRow | undefined> => (state.who ? sessions.vault(state.who.id) : undefined)

/** Another passphrase: only the key is wrapped anew. False if the old one is wrong. */
export async function change(old: string, next: string): Promise<Unlocking> {
  const id = state.who?.id ?? ''
  const row = await sessions.changeVault(id, (stored) => (tryState(stored, now()).kind === 'open' ? countTry(stored, now()) : stored))
  if (row === undefined) throw new Error('lock: no lock to change')
  const key = await unlockWith(ports, row, old)
  if (key === null) return { ok: false, row }
  await sessions.keepVault(await rewrap(ports, row, key, next))
  return { ok: true }
}

async function open(key: Bytes): Promise<void> {
  const who = state.who
  if (who === null) throw new Error('lock: nobody to open for')
  const codec = await SealingCodec.of(key, random)
  dataKey = key
  const session = live.session ?? (await sessions.open(codec))
  if (session === null) return signOut()
  const store = new Store({ name: databaseOf(who.id), now, codec })
  if ((await store.meta.get('sealed')) !== true) {
    state.gate = 'sealing'
    await sealPlain({ db: store.db, meta: store.meta, codec, isSealed })
  }
  await sessions.enter(session, codec)
  live.session = session
  state.account = session.account
  state.store = store
  unwatch = watchServerKey(store, codec, who.id)
  if (leaseOver(await store.meta.sync(), now())) state.gate = 'lease'
  else await enter(store)
}

async function enter(store: Store): Promise<void> {
  if (live.session === null) return
  joinSync(store, live.session.account.id, () => wipe(store))
  state.gate = 'open'
}

/** Seals to the server's key as soon as it is known, and again if it is another. */
function watchServerKey(store: Store, codec: SealingCodec, account: string): () => void {
  const subscription = liveQuery(() => store.meta.get('schema')).subscribe({
    next: (schema) => void adopt(schema?.seal).catch((error) => console.error('sealing to the server', asProblem(error).code)),
  })
  const adopt = async (server: ServerKey | undefined): Promise<void> => {
    const key = dataKey
    if (server === undefined || key === null || (await codec.recipient()) === server.id) return
    const { sealTo } = await import('@/crypto/hpke')
    const serverKey = fromBase64url(server.key)
    await codec.adopt({ server: server.id, seal: (handover) => sealTo(serverKey, 'handover', account, handover) })
    await store.outbox.resealOpen((stored) => !isSealed(stored) || stored.handover?.server !== server.id)
    if ((await sessions.vault(account))?.recovery?.server === server.id) return
    const recovery = { server: server.id, sealed: await sealTo(serverKey, 'recovery', account, key) }
    await sessions.changeVault(account, (row) => ({ ...row, recovery }))
  }
  return () => subscription.unsubscribe()
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

async function close(): Promise<void> {
  leaveSync()
  unwatch()
  const { store } = state
  state.store = null
  state.account = null
  live.session = null
  await store?.drafts.settled()
  store?.close()
  dataKey?.fill(0)
  dataKey = null
}

/** Signs out. Records, drafts and everything unsent stay on the device for this account. */
export async function signOut(): Promise<void> {
  if (state.practice) return leavePractice()
  state.gate = 'signin'
  await nextTick()
  await close()
  await sessions.leave()
  state.who = null
}

/** Shows the practice village in place of what is real, which is locked. Nothing leads a sync on its store. */
export async function enterPractice(store: Store, account: Account): Promise<void> {
  await close()
  state.store = store
  state.account = account
  state.practice = true
  state.gate = 'open'
}

/** Back to the lock of what was open before, or to the sign-in. */
export async function leavePractice(): Promise<void> {
  state.gate = 'starting'
  await nextTick()
  await close()
  state.practice = false
  await start()
}

export function forget(): void {
  state.gate = 'forgot'
}

/** Back to the lock screen from "forgotten". */
export function remember(): void {
  if (state.who !== null) state.gate = 'unlock'
}

/** What a tablet whose key nobody can open still holds. */
export const stranded: { left: HandOver | null } = { left: null }

/**
 * The passphrase is forgotten, the account has just signed in: the server opens the
 * key that was sealed to it, and everything is as it was. A revoked tablet gets no
 * key: it hands over what waits, sealed as it lies, and is erased on order.
 */
async function recover(session: Session): Promise<void> {
  live.session = session
  const row = await sessions.vault(session.account.id)
  const store = new Store({ name: databaseOf(session.account.id), now, codec: lockedCodec })
  try {
    const device = await store.meta.get('device')
    if (row?.recovery && device) {
      const opened = await api.openKey(device.id, base64url(row.recovery.sealed)).catch((error) => asProblem(error))
      if ('key' in opened) {
        dataKey = fromBase64url(opened.key)
        state.gate = 'choose'
        return
      }
      if (opened.code !== 'device_revoked' && opened.code !== 'not_found' && opened.code !== 'invalid') throw opened
      if (opened.code === 'device_revoked') await store.meta.noteSync({ revoked: true })
    }
    const left = await handOver(contextOf(store))
    if (left.wipe) return await wipe(store)
    stranded.left = left
    if (left.ops + left.photos + left.drafts > 0) throw new StrandedError(left)
    await startAfresh()
  } finally {
    store.close()
  }
}

/** Nobody can open what is here: the worker is asked before it goes. */
export class StrandedError extends Error {
  constructor(readonly left: HandOver) {
    super('lock: nothing can open what is left here')
  }
}

/** Erases this account's sealed records and begins again with a new passphrase. */
export async function startAfresh(): Promise<void> {
  const session = live.session
  if (session === null) throw new Error('lock: starting afresh needs a sign-in')
  const store = new Store({ name: databaseOf(session.account.id), now, codec: lockedCodec })
  await store.wipe()
  await sessions.dropVault(session.account.id)
  dataKey = null
  state.who = session.account
  state.gate = 'choose'
}

/** By the server's order, after everything here is held there. */
async function wipe(store: Store): Promise<void> {
  const account = state.who?.id
  leaveSync()
  await store.wipe()
  if (account !== undefined) await sessions.dropVault(account)
  await signOut()
  state.wiped = true
}
