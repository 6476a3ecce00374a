/** The selected row of a list whose selection stands in the address. */
import { computed, onScopeDispose, watch, type Ref } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'
import { successor, type Row } from './rows'

/** The keys that go down and up a list. */
export const stepKeys = (step: (by: number) => void) => ({ j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1) })

export function useSelection<T>(routeName: string, parameter: string, rows: Readonly<Ref<readonly Row<T>[]>>) {
  const route = useRoute()
  const router = useRouter()
  const selected = computed(() => {
    const value = route.params[parameter]
    return typeof value === 'string' && value ? value : null
  })
  const row = computed(() => rows.value.find((each) => each.key === selected.value) ?? null)

  // A page that is on its way is not called back by a list that arrives meanwhile.
  let leaving = false
  onBeforeRouteLeave(() => {
    leaving = true
  })
  onScopeDispose(router.afterEach((_to, _from, failure) => {
    if (failure) leaving = false
  }))

  function select(key: string | null) {
    if (leaving || key === selected.value) return
    void router.replace({ name: routeName, params: { ...route.params, [parameter]: key ?? '' }, query: route.query })
  }

  function step(by: number) {
    const at = rows.value.findIndex((each) => each.key === selected.value)
    const next = rows.value[Math.min(rows.value.length - 1, Math.max(0, at + by))]
    if (next) select(next.key)
  }

  /** Moves on from rows that are about to leave the list. */
  function leave(keys: readonly string[]) {
    if (!selected.value || !keys.includes(selected.value)) return
    const current = selected.value
    select(successor(rows.value.filter((each) => each.key === current || !keys.includes(each.key)), current))
  }

  watch(rows, (now) => {
    if (!selected.value && now[0] && route.name === routeName) select(now[0].key)
  })

  return { selected, row, select, step, leave }
}
