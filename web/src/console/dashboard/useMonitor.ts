/** The monitor's table, loaded once a session, and its tiles in an area, looked at again as the county works. */
import { defineStore } from 'pinia'
import { onScopeDispose, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import type { Api } from '../api/console'
import { useApi } from '../api/provide'
import type { FigureTable, TileAnswer } from '../api/types'
import { useLive } from '../live/live'

/** The server keeps a figure this long while the county works: to ask sooner brings nothing. */
const REST_MILLIS = 30_000

export const useFigureTable = defineStore('figures', () => {
  const table = shallowRef<FigureTable | null>(null)
  const failure = shallowRef<unknown>(null)

  async function load(api: Api) {
    if (table.value) return
    failure.value = null
    try {
      table.value = await api.figureTable()
    } catch (error) {
      failure.value = error
    }
  }

  return { table, failure, load }
})

export interface TileState {
  answer: TileAnswer | null
  failure: unknown
}

export function useMonitor(area: Ref<string>) {
  const api = useApi()
  const live = useLive()
  const store = useFigureTable()
  const tiles = reactive<Record<string, TileState>>({})
  const busy = ref(false)
  // An answer that belongs to another area is dropped.
  let question = 0
  let askedAt = 0
  let later: ReturnType<typeof setTimeout> | undefined

  async function ask(tile: string, asked: number) {
    try {
      const answer = await api.figureTile(tile, area.value)
      if (asked === question) tiles[tile] = { answer, failure: null }
    } catch (error) {
      if (asked === question) tiles[tile] = { answer: tiles[tile]?.answer ?? null, failure: error }
    }
  }

  async function reload() {
    clearTimeout(later)
    later = undefined
    const asked = ++question
    askedAt = Date.now()
    busy.value = true
    await store.load(api)
    await Promise.all((store.table?.tiles ?? []).map((tile) => ask(tile.key, asked)))
    if (asked === question) busy.value = false
  }

  watch(area, () => {
    for (const tile of Object.keys(tiles)) delete tiles[tile]
    void reload()
  })
  watch(() => live.tick, () => {
    later ??= setTimeout(() => void reload(), Math.max(0, askedAt + REST_MILLIS - Date.now()))
  })
  onScopeDispose(() => {
    question++
    clearTimeout(later)
  })

  return { store, tiles, busy, reload }
}
