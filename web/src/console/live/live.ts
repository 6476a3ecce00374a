/**
 * What the whole console follows: the counts of the menu, the state of the event
 * stream, and `tick`, which lists watch to look again. Events come in bursts
 * (one visit is many ops), so they are gathered for a moment first.
 */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Api } from '../api/console'
import type { Summary } from '../api/types'
import { hasCode } from '../api/failure'
import { connect, type LiveState } from './connection'

const GATHER_MILLIS = 400
/** However fast events come, lists look again no oftener than this. */
const REST_MILLIS = 2_000
/** The server sends a comment well within this. */
const SILENCE_MILLIS = 90_000

export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('closed')
  const counts = ref<Summary | null>(null)
  const tick = ref(0)
  let connection: { close(): void } | null = null
  let gathering: ReturnType<typeof setTimeout> | undefined
  let lastTick = 0

  function start(api: Api, withCounts: boolean) {
    stop()
    const refresh = () => {
      tick.value++
      lastTick = Date.now()
      if (withCounts) void loadCounts(api)
    }
    if (withCounts) void loadCounts(api)
    connection = connect({
      open: api.events,
      onChange: () => {
        gathering ??= setTimeout(() => {
          gathering = undefined
          refresh()
        }, Math.max(GATHER_MILLIS, lastTick + REST_MILLIS - Date.now()))
      },
      onState: (next) => (state.value = next),
      isFinal: (error) => hasCode(error, 'unauthenticated') || hasCode(error, 'forbidden'),
      random: Math.random,
      silenceMillis: SILENCE_MILLIS,
    })
  }

  function stop() {
    connection?.close()
    connection = null
    clearTimeout(gathering)
    gathering = undefined
    counts.value = null
  }

  /** Counts are an aid: when they fail, the lists still say what is wrong. */
  async function loadCounts(api: Api) {
    try {
      counts.value = await api.summary()
    } catch (error) {
      if (!hasCode(error, 'network')) counts.value = null
    }
  }

  return { state, counts, tick, start, stop, loadCounts }
})
