/** The records of the household that is looked at, loaded as the selection moves; the last few stay at hand. */
import { onScopeDispose, ref, shallowRef, watch, type WatchSource } from 'vue'
import { useApi } from '../api/provide'
import type { Household } from '../api/types'
import { useLive } from '../live/live'

const MOST = 8
/** A reader walking down a list with J does not mean to open each household on the way. */
const SETTLE_MILLIS = 120

export function useStory(household: WatchSource<string | null | undefined>) {
  const api = useApi()
  const live = useLive()
  const story = shallowRef<Household | null>(null)
  const failure = ref<unknown>(null)
  const kept = new Map<string, Household>()
  let current: string | null = null
  let settling: ReturnType<typeof setTimeout> | undefined

  async function load(id: string) {
    try {
      const answer = await api.household(id)
      kept.delete(id)
      kept.set(id, answer)
      const oldest = kept.keys().next().value
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
      if (id === current) {
        story.value = answer
        failure.value = null
      }
    } catch (error) {
      if (id === current) failure.value = error
    }
  }

  watch(
    household,
    (id) => {
      clearTimeout(settling)
      current = id || null
      failure.value = null
      story.value = (current && kept.get(current)) || null
      const wanted = current
      if (wanted && !story.value) settling = setTimeout(() => void load(wanted), SETTLE_MILLIS)
    },
    { immediate: true },
  )
  watch(() => live.tick, () => {
    kept.clear()
    if (current) void load(current)
  })
  onScopeDispose(() => {
    clearTimeout(settling)
    current = null
  })

  return { story, failure, reload: () => (current ? load(current) : Promise.resolve()) }
}
