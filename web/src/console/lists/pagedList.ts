/** A list in pages that follows the event stream without losing the reader's place (see rows.ts). */
import { computed, onScopeDispose, ref, shallowRef, watch, type WatchSource } from 'vue'
import type { PageRequest } from '../api/console'
import type { Page } from '../api/types'
import { useLive } from '../live/live'
import { walk } from './pages'
import { reconcile, rowsOf, type Row } from './rows'

export interface PagedListOptions<T> {
  keyOf(item: T): string
  /** Which list it is: another one is asked for from the start. */
  of?: WatchSource<unknown>
  load(page: PageRequest): Promise<Page<T>>
  /** How many to load at first and with each "more". */
  step?: number
  /** The server's order is one that no item ever changes, so that what is missing in between has gone. */
  steady?: boolean
  /** The list is about to be drawn anew: places need not be kept. */
  onReload?(): void
}

export type PagedList<T> = ReturnType<typeof usePagedList<T>>
export type ListState = 'loading' | 'ready' | 'failed'

const STEP = 100

export function usePagedList<T>(options: PagedListOptions<T>) {
  const { keyOf, load, step = STEP, steady = false } = options
  const live = useLive()
  const rows = shallowRef<Row<T>[]>([])
  const state = ref<ListState>('loading')
  const failure = shallowRef<unknown>(null)
  const waiting = ref(0)
  const cursor = ref<string | null>(null)
  const loadingMore = ref(false)
  // An answer that belongs to an older question is dropped.
  let question = 0
  let refreshing = false
  let refreshAgain = false
  // While the reader waits for a list anew, looking again would only make that answer an old one.
  const reloading = ref(0)
  // Decided here: an answer that was on its way at that moment may still carry them.
  const settled = new Set<string>()

  async function reload() {
    const asked = ++question
    if (state.value !== 'ready') state.value = 'loading'
    reloading.value++
    try {
      const found = await walk(load, step)
      if (asked !== question) return
      settled.clear()
      options.onReload?.()
      rows.value = rowsOf(found.items, keyOf)
      cursor.value = found.cursor
      waiting.value = 0
      state.value = 'ready'
      failure.value = null
    } catch (error) {
      if (asked !== question) return
      failure.value = error
      state.value = 'failed'
    } finally {
      reloading.value--
    }
    if (reloading.value === 0 && refreshAgain && state.value === 'ready') void refresh()
  }

  async function loadMore() {
    if (!cursor.value || loadingMore.value) return
    const asked = ++question
    loadingMore.value = true
    // Its answer is one to an older question now.
    if (refreshing) refreshAgain = true
    try {
      const found = await walk(load, step, cursor.value)
      if (asked !== question) return
      const items = found.items.filter((item) => !settled.has(keyOf(item)))
      const known = new Set(rows.value.map((row) => row.key))
      rows.value = [...rows.value, ...rowsOf(items, keyOf).filter((row) => !known.has(row.key))]
      cursor.value = found.cursor
    } catch (error) {
      if (asked === question) failure.value = error
    } finally {
      loadingMore.value = false
    }
    if (refreshAgain) void refresh()
  }

  /** Looks again behind the reader's back, one look at a time. */
  async function refresh() {
    if (state.value !== 'ready') return reload()
    if (refreshing || loadingMore.value || reloading.value > 0) {
      refreshAgain = true
      return
    }
    refreshing = true
    try {
      do {
        refreshAgain = false
        await lookAgain()
      } while (refreshAgain && reloading.value === 0 && !loadingMore.value)
    } finally {
      refreshing = false
    }
  }

  async function lookAgain() {
    const asked = ++question
    try {
      const found = await walk(load, Math.max(step, rows.value.length + 1))
      if (asked !== question) return
      const wasEmpty = rows.value.length === 0
      const fresh = found.items.filter((item) => !settled.has(keyOf(item)))
      const next = reconcile(rows.value, fresh, keyOf, found.cursor === null, steady, cursor.value === null)
      rows.value = next.rows
      waiting.value = next.waiting
      if (wasEmpty) cursor.value = found.cursor
    } catch {
      // the connection's state tells of it; the next event, or the reader, asks again
    }
  }

  /** For another question: what is shown is no answer to it. */
  function clear() {
    question++
    rows.value = []
    cursor.value = null
    waiting.value = 0
    state.value = 'loading'
  }

  function remove(keys: readonly string[]) {
    for (const key of keys) settled.add(key)
    rows.value = rows.value.filter((row) => !keys.includes(row.key))
  }

  function markGone(key: string) {
    rows.value = rows.value.map((row) => (row.key === key ? { ...row, gone: true } : row))
  }

  if (options.of) {
    watch(options.of, () => {
      clear()
      void reload()
    })
  }
  watch(() => live.tick, refresh)
  onScopeDispose(() => question++)

  return {
    rows, state, failure, waiting, loadingMore,
    more: computed(() => cursor.value !== null),
    /** The reader asked anew: what is shown may answer the last question. */
    busy: computed(() => reloading.value > 0),
    reload, refresh, loadMore, clear, remove, markGone,
  }
}
