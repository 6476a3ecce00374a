// The tablet's own state: who is signed in, the account's store, the sync that
// runs on it. One object for the whole app, made once by main.ts. What stands
// before it is opened (sign-in, passphrase, lease, lock) is in lock/.
import { reactive, shallowReactive } from 'vue'
import { Api, type Account } from '@/sync/api'
import { newId } from '@/sync/identity'
import { joinTabs, type Leadership, type TabPorts } from '@/sync/leader'
import { idleState, SyncLoop, type LoopState, type SyncRequest } from '@/sync/loop'
import { asProblem } from '@/sync/problem'
import type { Making } from '@/sync/compose'
import type { SyncContext } from '@/sync/context'
import type { TusModule } from '@/sync/photos'
import { freshPull, type PullState } from '@/store/meta'
import type { Store } from '@/store/store'
import { Sessions, type Session, type Who } from '@/store/session'
import { photosShouldWait } from './data/connection'
import { describeDevice } from './data/device'
import { whenQuiet } from './data/quiet'

/** A token older than this is renewed at the next good sync. */
const renewAfterMillis = 12 * 3600 * 1000
const dayMillis = 24 * 3600 * 1000

/**
 * What stands between the worker and the records: signing in, choosing a passphrase,
 * unlocking, sealing what an older build left, signing in again because the lease
 * is over or the passphrase forgotten; nothing once it is open.
 */
export type Gate = 'starting' | 'signin' | 'choose' | 'unlock' | 'sealing' | 'lease' | 'forgot' | 'open'

interface AppState {
  gate: Gate
  /** Known at the lock screen, too. */
  who: Who | null
  account: Account | null
  store: Store | null
  /** How far the download was when the store was opened. */
  pull: PullState
  /** The server no longer takes the token: sign in again, everything is kept. */
  expired: boolean
  wiped: boolean
  /** The practice village is open: its store is its own, and no sync runs on it. */
  practice: boolean
}

export const state = shallowReactive<AppState>({ gate: 'starting', who: null, account: null, store: null, pull: freshPull, expired: false, wiped: false, practice: false })
export const sync = reactive<LoopState>({ ...idleState })

export const now = (): number => Date.now()
export const random = (bytes: Uint8Array<ArrayBuffer>): void => void crypto.getRandomValues(bytes)
export const making: Making = { now, newId: () => newId({ now, random }) }

export const sessions = new Sessions()
/** In memory only: what is on disk is sealed. */
export const live: { session: Session | null } = { session: null }
let loop: SyncLoop | null = null
let tabs: Leadership | null = null

export const api = new Api({ fetch: (...args) => fetch(...args), origin: '', token: () => live.session?.token ?? null })

const loadTus = async (): Promise<TusModule> => (await import('tus-js-client')) as unknown as TusModule

export const lastIdentity = (): Promise<string | null> => sessions.lastIdentity()

export const theStore = (): Store => {
  if (state.store === null) throw new Error('app: no store before it is unlocked')
  return state.store
}

export const contextOf = (store: Store): SyncContext => ({ store, api, now, random: Math.random, describe: describeDevice })

/** Asks for a sync: here if this tab leads, else from the tab that does. */
export function syncNow(asked: SyncRequest = {}): void {
  if (tabs?.isLeader()) void loop?.request(asked)
  else tabs?.send({ kind: 'request', asked })
}

/** Begins to sync an unlocked store; `onWipe` follows the server's order to erase. */
export function joinSync(store: Store, account: string, onWipe: () => Promise<void>): void {
  const ports: TabPorts = { locks: navigator.locks, channel: (name) => new BroadcastChannel(name) }
  tabs = joinTabs(`doorstep-sync-${account}`, ports, {
    lead: () => lead(store, onWipe),
    message: (message) => {
      if (message.kind === 'state') adopt(message.state)
      else if (message.kind === 'request') void loop?.request(message.asked)
      else if (loop !== null) tabs?.send({ kind: 'state', state: loop.current() })
    },
  })
  tabs.send({ kind: 'ask' })
}

export function leaveSync(): void {
  loop?.stop()
  loop = null
  tabs?.stop()
  tabs = null
  Object.assign(sync, idleState)
}

function lead(store: Store, onWipe: () => Promise<void>): void {
  const led = new SyncLoop({
    context: contextOf(store),
    loadTus,
    metered: photosShouldWait,
    onState: (next) => {
      adopt(next)
      tabs?.send({ kind: 'state', state: next })
      if (!next.running && next.problem === null) void renew(store)
    },
    onWipe,
  })
  loop = led
  // The worker's first list comes before the sync. A loop that was stopped meanwhile does nothing.
  whenQuiet(() => {
    void store.photos.dropOrphans(now() - dayMillis).catch((error: unknown) => console.warn('photos without a form', error))
    void led.request()
  })
}

function adopt(next: LoopState): void {
  Object.assign(sync, next)
  state.expired = next.problem === 'unauthenticated'
}

let renewing = false

async function renew(store: Store): Promise<void> {
  const { session } = live
  if (session === null || renewing || now() - session.tokenAt < renewAfterMillis) return
  renewing = true
  try {
    const answer = await api.refresh()
    if (live.session !== session) return
    live.session = { account: answer.record, token: answer.token, tokenAt: now() }
    await sessions.enter(live.session, store.codec)
    state.account = answer.record
  } catch (error) {
    // The old token still serves; a refused one shows at the next sync.
    console.warn('renewing the token:', asProblem(error).code)
  } finally {
    renewing = false
  }
}
