/** A list in pages that follows the event stream without losing the reader's place (see rows.ts). */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { PageRequest } from '../api/console'
import type { Page } from '../api/types'
import { useLive } from '../live/live'
import { reconcile, rowsOf, type Row } from './rows'

export interface PagedListOptions<T> {
  keyOf(item: T): string
  load(page: PageRequest): Promise<Page<T>>
}

export type ListState = 'loading' | 'ready' | 'failed'

const PAGE = 100
/** The most that is asked for at once when looking again. */
const LONGEST_REFRESH = 500

export function usePagedList<T>(options: PagedListOptions<T>) {
  const live = useLive()
  const rows = shallowRef<Row<T>[]>([])
  const state = ref<ListState>('loading')
  const failure = shallowRef<unknown>(null)
  const waiting = ref(0)
  const cursor = ref<string | null>(null)
  const loadingMore = ref(false)
  // An answer that belongs to an older question is dropped.
  let question = 0
  // Decided here: an answer that was on its way at that moment may still carry them.
  const settled = new Set<string>()

  async function reload() {
    const asked = ++question
    if (state.value !== 'ready') state.value = 'loading'
    try {
      const page = await options.load({ limit: PAGE })
      if (asked !== question) return
      settled.clear()
      rows.value = rowsOf(page.items, options.keyOf)
      cursor.value = page.cursor || null
      waiting.value = 0
      state.value = 'ready'
      failure.value = null
    } catch (error) {
      if (asked !== question) return
      failure.value = error
      state.value = 'failed'
    }
  }

  async function loadMore() {
    if (!cursor.value || loadingMore.value) return
    const asked = ++question
    loadingMore.value = true
    try {
      const page = await options.load({ limit: PAGE, cursor: cursor.value })
      if (asked !== question) return
      rows.value = rowsOf([...rows.value.map((row) => row.item), ...page.items], options.keyOf)
      cursor.value = page.cursor || null
    } catch (error) {
      if (asked === question) failure.value = error
    } finally {
      loadingMore.value = false
    }
  }

  /** Looks again behind the reader's back; a failure here is told by the connection's state. */
  async function refresh() {
    if (state.value !== 'ready') return reload()
    if (loadingMore.value) return
    const asked = ++question
    try {
      const page = await options.load({ limit: Math.min(LONGEST_REFRESH, Math.max(PAGE, rows.value.length + 1)) })
      if (asked !== question) return
      const wasEmpty = rows.value.length === 0
      const fresh = page.items.filter((item) => !settled.has(options.keyOf(item)))
      const next = reconcile(rows.value, fresh, options.keyOf, !page.cursor)
      rows.value = next.rows
      waiting.value = next.waiting
      if (wasEmpty) cursor.value = page.cursor || null
    } catch {
      // the next event, or the reader's retry, asks again
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

  watch(() => live.tick, refresh)
  onScopeDispose(() => question++)

  return {
    rows, state, failure, waiting, loadingMore,
    more: computed(() => cursor.value !== null),
    reload, refresh, loadMore, clear, remove, markGone,
  }
}
