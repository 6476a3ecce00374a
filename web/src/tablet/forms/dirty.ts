// The one place that says whether a form holds something that is being entered: in
// this tab, or in any tab of the app. A new version waits for it. A dirty form holds
// a shared lock, which the browser lets go when its tab ends, however it ends.
import { computed, shallowReactive } from 'vue'

export const dirtyLock = 'doorstep-dirty-form'

/** The part of LockManager that is needed: it is an argument in tests. */
export interface FormLocks {
  request(name: string, options: { mode: 'shared' }, held: () => Promise<void>): Promise<unknown>
  query(): Promise<{ held?: { name?: string }[] }>
}

const locksOf = (): FormLocks | undefined => (typeof navigator === 'undefined' ? undefined : navigator.locks)
const releases = shallowReactive(new Map<string, () => void>())

/** Is a form dirty in this tab? */
export const dirtyHere = computed(() => releases.size > 0)

export function markDirty(form: string, locks: FormLocks | undefined = locksOf()): void {
  if (releases.has(form)) return
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  releases.set(form, release)
  locks?.request(dirtyLock, { mode: 'shared' }, () => released).catch((error) => console.warn('dirty form', error))
}

/** The form was saved, thrown away, or left with everything it holds on disk. */
export function markClean(form: string): void {
  releases.get(form)?.()
  releases.delete(form)
}

/** Is a form dirty in any tab? */
export async function anyTabDirty(locks: FormLocks | undefined = locksOf()): Promise<boolean> {
  if (releases.size > 0) return true
  const { held = [] } = (await locks?.query()) ?? {}
  return held.some((lock) => lock.name === dirtyLock)
}
