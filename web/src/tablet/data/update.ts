// A new version of the app takes over when nobody is disturbed: while no tab holds a
// form with something entered, and either the worker asked or nobody is looking. Tabs
// tell each other by Web Locks (forms/dirty.ts holds the forms'), which end with the tab
// that held them, however it ends.
import { ref } from 'vue'
import { dirtyLock } from '../forms/dirty'

export type UpdateAttempt = 'applied' | 'form_open' | 'looked_at'
export type Locks = Pick<LockManager, 'request'>

const visibleLock = 'doorstep-visible'
/** A takeover that did not happen by then gives the locks back. */
const takeoverMillis = 30_000
const hourMillis = 3600 * 1000
const minuteMillis = 60_000

export const updateReady = ref(false)
/** The worker asked for the new version, and a form stands in its way. */
export const updateBlocked = ref(false)

function hold(locks: Locks | undefined, name: string): () => void {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  locks?.request(name, { mode: 'shared' }, () => released).catch(() => {})
  return release
}

/**
 * Lets `apply` run if no tab holds a form, and, unless the worker asked, no tab is
 * looked at. `apply` settles when it has failed: a page that is reloaded never sees it.
 */
export function attemptUpdate(locks: Locks, asked: boolean, apply: () => Promise<void>): Promise<UpdateAttempt> {
  const take = async (): Promise<UpdateAttempt> => {
    await apply()
    return 'applied'
  }
  return locks.request(dirtyLock, { ifAvailable: true }, (form): Promise<UpdateAttempt> | UpdateAttempt => {
    if (form === null) return 'form_open'
    if (asked) return take()
    return locks.request(visibleLock, { ifAvailable: true }, (looked) => (looked === null ? 'looked_at' : take()))
  })
}

const browserLocks = (): Locks | undefined => (typeof navigator === 'undefined' ? undefined : navigator.locks)

let registration: ServiceWorkerRegistration | null = null

/** The waiting version takes over; every tab loads anew when it has. */
async function takeOver(): Promise<void> {
  registration?.waiting?.postMessage({ type: 'SKIP_WAITING' })
  await new Promise((resolve) => setTimeout(resolve, takeoverMillis))
}

async function attempt(asked: boolean): Promise<void> {
  const locks = browserLocks()
  if (!updateReady.value) return
  // Without Web Locks tabs know nothing of each other: only the worker decides.
  if (locks === undefined) return asked ? takeOver() : undefined
  const outcome = await attemptUpdate(locks, asked, takeOver)
  if (asked) updateBlocked.value = outcome === 'form_open'
}

/** By the worker's button. */
export const applyUpdate = (): Promise<void> => attempt(true)

function reloadOnTakeover(container: ServiceWorkerContainer): void {
  // The first worker of all claims a page that runs the same version: nothing to load.
  let had = container.controller !== null
  container.addEventListener('controllerchange', () => {
    if (had) window.location.reload()
    had = true
  })
}

function watchVisibility(): void {
  let release = (): void => {}
  const turn = (): void => {
    release()
    if (document.visibilityState === 'visible') release = hold(browserLocks(), visibleLock)
    else setTimeout(() => void attempt(false), 1000)
  }
  turn()
  document.addEventListener('visibilitychange', turn)
}

function watchVersions(found: ServiceWorkerRegistration): void {
  const ready = (): void => {
    if (found.waiting !== null && navigator.serviceWorker.controller !== null) updateReady.value = true
    void attempt(false)
  }
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', ready))
  ready()
}

export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  reloadOnTakeover(navigator.serviceWorker)
  watchVisibility()
  try {
    registration = await navigator.serviceWorker.register('/sw.js', { scope: '/' })
  } catch (error) {
    console.warn('service worker', error)
    return
  }
  watchVersions(registration)
  // A version that waited since last time: nobody has begun anything in this tab yet.
  void attempt(true).then(() => (updateBlocked.value = false))
  setInterval(() => void registration?.update().catch(() => {}), hourMillis)
  setInterval(() => void attempt(false), minuteMillis)
}
