// Live queries of the store as Vue refs: they run again when what they read changes,
// in any tab. One that failed is asked again: a screen does not stay as it was.
import { liveQuery } from 'dexie'
import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'

/** The first wait before a failed query is asked again, and the longest. */
const againMillis = 250
const longestMillis = 8_000

export function useLive<T>(query: () => Promise<T>, initial: T, sources: WatchSource[] = []): Readonly<ShallowRef<T>> {
  const value = shallowRef(initial)
  let stop = (): void => {}
  const subscribe = (wait = againMillis): void => {
    stop()
    let timer: ReturnType<typeof setTimeout> | undefined
    const subscription = liveQuery(query).subscribe({
      next: (found) => (value.value = found),
      error: (error: unknown) => {
        console.error('live query', String(error))
        timer = setTimeout(() => subscribe(Math.min(wait * 2, longestMillis)), wait)
      },
    })
    stop = () => {
      clearTimeout(timer)
      subscription.unsubscribe()
    }
  }
  subscribe()
  if (sources.length > 0) watch(sources, () => subscribe())
  onScopeDispose(() => stop())
  return value
}
