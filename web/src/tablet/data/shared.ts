// What several screens need at once, read once: the village and the schema.
import { inject, provide, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { now, theStore } from '../app'
import { useLive } from './live'
import { useSchema, type SchemaView } from './schema'
import { emptyVillage, readVillage, type Village } from './village'
import { dayOf } from './words'

interface Shared {
  village: Readonly<ShallowRef<Village>>
  schema: SchemaView
  today: Ref<string>
  loaded: Readonly<ShallowRef<boolean>>
}

const key: InjectionKey<Shared> = Symbol('village')

export function provideVillage(): void {
  const today = ref(dayOf(now()))
  const loaded = shallowRef(false)
  const village = useLive(async () => {
    const read = await readVillage(theStore(), today.value)
    loaded.value = true
    return read
  }, emptyVillage, [today])
  const turn = (): void => {
    const day = dayOf(now())
    if (day !== today.value) today.value = day
  }
  document.addEventListener('visibilitychange', turn)
  provide(key, { village, schema: useSchema(), today, loaded })
}

export function useShared(): Shared {
  const shared = inject(key)
  if (shared === undefined) throw new Error('shared: used outside the signed-in app')
  return shared
}
