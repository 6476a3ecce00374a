// Live queries of the store as Vue refs: they run again when what they read changes,
// in any tab.
import { liveQuery } from 'dexie'
import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'

export function useLive<T>(query: () => Promise<T>, initial: T, sources: WatchSource[] = []): Readonly<ShallowRef<T>> {
  const value = shallowRef(initial)
  let stop = (): void => {}
  const subscribe = (): void => {
    stop()
    const subscription = liveQuery(query).subscribe({
      next: (found) => (value.value = found),
      error: (error) => console.error('live query', error),
    })
    stop = () => subscription.unsubscribe()
  }
  subscribe()
  if (sources.length > 0) watch(sources, subscribe)
  onScopeDispose(() => stop())
  return value
}
