// What several screens need at once, read once: the village and the schema.
import { liveQuery } from 'dexie'
import { computed, inject, nextTick, onScopeDispose, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { Lines, noLines } from '@/store/lines'
import { now, theStore } from '../app'
import { listDrawn } from './quiet'
import { useSchema, type SchemaView } from './schema'
import { villageLines, villageOf, type HouseholdLine, type Village } from './village'
import { dayOf } from './words'

interface Shared {
  village: ComputedRef<Village>
  schema: SchemaView
  today: Ref<string>
  loaded: Readonly<ShallowRef<boolean>>
  /** How the list of households was left: in memory alone, until the tablet is locked. */
  listed: { left: ListState | null }
}

export interface ListState {
  query: string
  only: string | null
  limit: number
}

const key: InjectionKey<Shared> = Symbol('village')

/** `active`: false while the first download shows nothing of the village. */
export function provideVillage(active: () => boolean): void {
  const today = ref(dayOf(now()))
  const { held, loaded } = useLines(active)
  const village = computed(() => villageOf(held.value, today.value))
  const turn = (): void => {
    const day = dayOf(now())
    if (day !== today.value) today.value = day
  }
  document.addEventListener('visibilitychange', turn)
  onScopeDispose(() => document.removeEventListener('visibilitychange', turn))
  provide(key, { village, schema: useSchema(), today, loaded, listed: { left: null } })
}

/** The index's lines, taken in again whenever something touched them, one reading at a time. */
function useLines(active: () => boolean) {
  const store = theStore()
  const lines = new Lines<HouseholdLine>(store, villageLines)
  const held = shallowRef(noLines<HouseholdLine>())
  const loaded = shallowRef(false)
  let reading = false
  let again = false
  let stopped = false
  const read = async (): Promise<void> => {
    if (!active() || stopped) return
    again = reading
    if (reading) return
    reading = true
    try {
      do {
        again = false
        held.value = await lines.refresh(held.value)
        loaded.value = true
        void nextTick(() => requestAnimationFrame(listDrawn))
      } while (again && !stopped)
    } catch (error) {
      if (!stopped) console.error('village', error)
    } finally {
      reading = false
    }
  }
  const subscription = liveQuery(() => lines.signal()).subscribe({
    next: () => void read(),
    error: (error) => console.error('village', error),
  })
  watch(active, () => void read(), { immediate: true })
  onScopeDispose(() => {
    stopped = true
    subscription.unsubscribe()
  })
  return { held, loaded }
}

export function useShared(): Shared {
  const shared = inject(key)
  if (shared === undefined) throw new Error('shared: used outside the signed-in app')
  return shared
}
