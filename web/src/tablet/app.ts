// The tablet's own state: who is signed in, the account's store, the sync that
// runs on it. One object for the whole app, made once by main.ts.
import { reactive, shallowReactive } from 'vue'
import { Api, type Account } from '@/sync/api'
import { newId } from '@/sync/identity'
import { joinTabs, type Leadership, type TabPorts } from '@/sync/leader'
import { idleState, SyncLoop, type LoopState, type SyncRequest } from '@/sync/loop'
import { asProblem } from '@/sync/problem'
import type { Making } from '@/sync/compose'
import type { TusModule } from '@/sync/photos'
import { Store } from '@/store/store'
import { databaseOf, Sessions, type Session } from '@/store/session'
import { photosShouldWait } from './data/connection'
import { describeDevice } from './data/device'

/** A token older than this is renewed at the next good sync. */
const renewAfterMillis = 12 * 3600 * 1000
const dayMillis = 24 * 3600 * 1000

interface AppState {
  started: boolean
  account: Account | null
  store: Store | null
  /** The server no longer takes the token: sign in again, everything is kept. */
  expired: boolean
  wiped: boolean
  /** The practice village is open: its store is its own, and no sync runs on it. */
  practice: boolean
}

export const state = shallowReactive<AppState>({ started: false, account: null, store: null, expired: false, wiped: false, practice: false })
export const sync = reactive<LoopState>({ ...idleState })

export const now = (): number => Date.now()
const random = (bytes: Uint8Array<ArrayBuffer>): void => void crypto.getRandomValues(bytes)
export const making: Making = { now, newId: () => newId({ now, random }) }

const sessions = new Sessions()
let session: Session | null = null
let loop: SyncLoop | null = null
let tabs: Leadership | null = null

export const api = new Api({ fetch: (...args) => fetch(...args), origin: '', token: () => session?.token ?? null })

const loadTus = async (): Promise<TusModule> => (await import('tus-js-client')) as unknown as TusModule

/** Opens what was left: the last session's store, without asking any server. */
export async function start(): Promise<void> {
  session = await sessions.current()
  if (session !== null) open(session)
  state.started = true
}

export async function signIn(identity: string, password: string): Promise<void> {
  const answer = await api.signIn(identity.trim(), password)
  const entered: Session = { account: answer.record, token: answer.token, tokenAt: now() }
  await sessions.enter(entered)
  const same = session?.account.id === answer.record.id && state.store !== null
  session = entered
  state.expired = false
  state.wiped = false
  if (same) state.account = answer.record
  else open(entered)
  void navigator.storage?.persist?.()
  syncNow()
}

/** Signs out. Records, drafts and everything unsent stay on the device for this account. */
export async function signOut(): Promise<void> {
  if (state.practice) return leavePractice()
  close()
  await sessions.leave()
  session = null
  state.account = null
}

/** Shows the practice village in place of what is real. Nothing leads a sync on its store. */
export function enterPractice(store: Store, account: Account): void {
  close()
  state.store = store
  state.account = account
  state.practice = true
}

/** Back to what was open before, or to the sign-in. */
export async function leavePractice(): Promise<void> {
  close()
  state.practice = false
  state.account = null
  await start()
}

export const lastIdentity = (): Promise<string | null> => sessions.lastIdentity()

export const theStore = (): Store => {
  if (state.store === null) throw new Error('app: no store before sign-in')
  return state.store
}

/** Asks for a sync: here if this tab leads, else from the tab that does. */
export function syncNow(asked: SyncRequest = {}): void {
  if (tabs?.isLeader()) void loop?.request(asked)
  else tabs?.send({ kind: 'request', asked })
}

function open(entered: Session): void {
  close()
  const store = new Store({ name: databaseOf(entered.account.id), now })
  state.store = store
  state.account = entered.account
  const ports: TabPorts = { locks: navigator.locks, channel: (name) => new BroadcastChannel(name) }
  tabs = joinTabs(`doorstep-sync-${entered.account.id}`, ports, {
    lead: () => lead(store),
    message: (message) => {
      if (message.kind === 'state') adopt(message.state)
      else if (message.kind === 'request') void loop?.request(message.asked)
      else if (loop !== null) tabs?.send({ kind: 'state', state: loop.current() })
    },
  })
  tabs.send({ kind: 'ask' })
}

function close(): void {
  loop?.stop()
  loop = null
  tabs?.stop()
  tabs = null
  state.store?.close()
  state.store = null
  Object.assign(sync, idleState)
}

function lead(store: Store): void {
  void store.photos.dropOrphans(now() - dayMillis).catch((error: unknown) => console.warn('photos without a form', error))
  const context = { store, api, now, random: Math.random, describe: describeDevice }
  loop = new SyncLoop({
    context,
    loadTus,
    metered: photosShouldWait,
    onState: (next) => {
      adopt(next)
      tabs?.send({ kind: 'state', state: next })
      if (!next.running && next.problem === null) void renew()
    },
    onWipe: async () => {
      await store.wipe()
      await signOut()
      state.wiped = true
    },
  })
  void loop.request()
}

function adopt(next: LoopState): void {
  Object.assign(sync, next)
  state.expired = next.problem === 'unauthenticated'
}

let renewing = false

async function renew(): Promise<void> {
  if (session === null || renewing || now() - session.tokenAt < renewAfterMillis) return
  renewing = true
  try {
    const answer = await api.refresh()
    session = { account: answer.record, token: answer.token, tokenAt: now() }
    await sessions.enter(session)
    state.account = answer.record
  } catch (error) {
    // The old token still serves; a refused one shows at the next sync.
    console.warn('renewing the token:', asProblem(error).code)
  } finally {
    renewing = false
  }
}
