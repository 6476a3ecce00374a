/** One file, read whole, and the steps that are taken with it. */
import { ElMessage } from 'element-plus'
import { onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import { ApiError } from '../api/client'
import { failureText, hasCode } from '../api/failure'
import { useLive } from '../live/live'

/** Something that is sent: busy meanwhile, with what was said of it where it failed. */
export function useSending() {
  const busy = ref(false)
  const failure = ref('')
  const refused = ref<ReadonlySet<string>>(new Set())

  async function send<T>(work: () => Promise<T>, said: string): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    failure.value = ''
    try {
      const done = await work()
      refused.value = new Set()
      ElMessage.success(said)
      return done
    } catch (error) {
      failure.value = failureText(error)
      if (error instanceof ApiError && error.field) refused.value = new Set([...refused.value, error.field])
      if (hasCode(error, 'decided')) throw error
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, refused, send }
}

/** Whom a file's steps concern beside its own page: the list that it was opened from. */
export interface Listener<T> {
  moved: (file: T) => void
  /** Somebody else was first. */
  elsewhere: () => void
}

export function useFile<T>(first: T, load: () => Promise<T>, listener?: Listener<T>) {
  const whole = shallowRef(first) as Ref<T>
  const trouble = ref('')
  const live = useLive()

  async function reload() {
    try {
      whole.value = await load()
      trouble.value = ''
    } catch (error) {
      trouble.value = failureText(error)
    }
  }

  function taken(file: T) {
    whole.value = file
    listener?.moved(file)
  }

  async function elsewhere() {
    await reload()
    listener?.elsewhere()
  }

  onMounted(reload)
  watch(() => live.tick, reload)
  return { whole, trouble, reload, taken, elsewhere }
}
