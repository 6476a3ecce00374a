// The state of the sync in one line, the same wherever it is shown.
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'
import { now, state, sync, theStore } from '../app'
import { freshSync, type SyncState } from '@/store/meta'
import { useLive } from './live'
import { clockTime, dayOf, shortDay } from './words'

export interface SyncSummary {
  state: 'running' | 'expired' | 'waiting' | 'offline' | 'done' | 'never'
  tone: 'calm' | 'attention'
  icon: string
  key: string
  params: Record<string, string | number>
  waiting: number
}

export interface SyncFigures {
  summary: ComputedRef<SyncSummary>
  figures: Readonly<Ref<{ ops: number; photos: number; sync: SyncState }>>
}

/** A clock for what is said in words; a minute is fine enough. */
export function useMinute(): Ref<number> {
  const minute = ref(now())
  const timer = setInterval(() => (minute.value = now()), 30_000)
  onScopeDispose(() => clearInterval(timer))
  return minute
}

export function useSyncSummary(): SyncFigures {
  const figures = useLive(async () => {
    const store = theStore()
    const [items, ids, known] = await Promise.all([store.outbox.waitingItems(), store.photos.waitingIds(), store.meta.sync()])
    return { ops: items.ops, photos: new Set([...items.photos, ...ids]).size, sync: known }
  }, { ops: 0, photos: 0, sync: freshSync })
  const minute = useMinute()
  const summary = computed(() => summarise(figures.value, minute.value))
  return { summary, figures }
}

function summarise({ ops, photos, sync: known }: { ops: number; photos: number; sync: SyncState }, at: number): SyncSummary {
  const waiting = ops + photos
  const calm = { tone: 'calm', waiting, params: {} } as const
  if (state.expired) return { ...calm, state: 'expired', tone: 'attention', icon: 'warning', key: 'sync.chip.expired' }
  if (sync.running) return { ...calm, state: 'running', icon: 'sync', key: 'sync.chip.running' }
  if (waiting > 0) {
    return { ...calm, state: 'waiting', tone: 'attention', icon: 'send', key: 'sync.chip.waiting', params: { count: waiting } }
  }
  if (sync.problem !== null) return { ...calm, state: 'offline', icon: 'clock', key: 'sync.chip.offline' }
  if (known.lastSync === null) return { ...calm, state: 'never', icon: 'clock', key: 'sync.chip.never' }
  return { ...calm, state: 'done', icon: 'check', key: 'sync.chip.done', params: { time: when(known.lastSync, at) } }
}

/** The time of today, else the day. */
export function when(millis: number, at: number): string {
  const today = dayOf(at)
  return dayOf(millis) === today ? clockTime(millis) : `${shortDay(dayOf(millis), today)} ${clockTime(millis)}`
}
