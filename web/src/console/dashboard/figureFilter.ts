/** A list that came from the monitor is narrowed to what the figure counts: the address says to which. */
import { computed, watch, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'
import type { FigureQuery } from '../api/console'


/** For the list's request; empty where the address names no figure. `changed` runs when it names another. */
export function useFigureFilter(changed: () => void): ComputedRef<FigureQuery> {
  const route = useRoute()
  const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
  const filter = computed<FigureQuery>(() => {
    const figure = text(route.query.figure)
    return figure ? { figure, of: text(route.query.of), area: text(route.query.area) } : {}
  })
  watch(() => JSON.stringify(filter.value), changed)
  return filter
}
