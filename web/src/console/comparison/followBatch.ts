/** A batch as it is now, asked again while it is being read or withdrawn. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { useApi } from '../api/provide'
import type { Batch } from '../api/types'
import { isMoving } from './state'

const ASK_MILLIS = 1_000

export function useFollowedBatch(id: Readonly<Ref<string | null>>, onEnd: (batch: Batch) => void) {
  const api = useApi()
  const batch = shallowRef<Batch | null>(null)
  const failure = shallowRef<unknown>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask() {
    clearTimeout(timer)
    const wanted = id.value
    const mine = ++asked
    if (!wanted) {
      batch.value = null
      return
    }
    try {
      const found = await api.batch(wanted)
      if (mine !== asked) return
      const moved = batch.value?.batch === wanted && isMoving(batch.value.state)
      batch.value = found
      failure.value = null
      if (isMoving(found.state)) timer = setTimeout(() => void ask(), ASK_MILLIS)
      else if (moved) onEnd(found)
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      if (batch.value && isMoving(batch.value.state)) timer = setTimeout(() => void ask(), ASK_MILLIS)
    }
  }

  watch(id, (now) => {
    if (batch.value?.batch !== now) batch.value = null
    failure.value = null
    void ask()
  }, { immediate: true })
  onScopeDispose(() => {
    asked++
    clearTimeout(timer)
  })
  return { batch, failure, ask }
}
