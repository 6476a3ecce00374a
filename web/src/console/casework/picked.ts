/** What is said of households that are taken already: a form that was begun on a household's page knows its id alone. */
import { computed, reactive, watch, type ComputedRef } from 'vue'

export interface Picked {
  id: string
  label: string
}

const idsOf = (value: unknown): string[] => [value].flat().filter((id): id is string => typeof id === 'string' && id !== '')

/**
 * The choices of a field: what was found, and whatever is taken and not among it. `read` says
 * who a household is; until it answered, and where it does not, `words` do, never the id.
 */
export function usePicked(
  value: () => unknown, found: () => readonly Picked[], read: (id: string) => Promise<string>, words: { reading: string; unread: string },
): ComputedRef<Picked[]> {
  const named = reactive(new Map<string, string>())

  async function name(id: string) {
    named.set(id, words.reading)
    try {
      named.set(id, await read(id))
    } catch {
      named.set(id, words.unread)
    }
  }

  watch(() => idsOf(value()), (ids) => {
    for (const id of ids) {
      if (named.has(id)) continue
      const row = found().find((each) => each.id === id)
      if (row) named.set(id, row.label)
      else void name(id)
    }
  }, { immediate: true })

  return computed(() => {
    const shown = new Set(found().map((row) => row.id))
    return [...found(), ...idsOf(value()).filter((id) => !shown.has(id)).map((id) => ({ id, label: named.get(id) ?? words.reading }))]
  })
}
