/** Walks the pages of a list, as far as asked. Pure but for the loader it is given. */
import type { PageRequest } from '../api/console'
import type { Page } from '../api/types'

/** The most the server hands out at once. */
export const LONGEST_PAGE = 500

export interface Walked<T> {
  items: T[]
  /** Where the list goes on; null at its end. */
  cursor: string | null
}

/** Loads at least `wanted` items from `cursor` on, or all there are. */
export async function walk<T>(
  load: (page: PageRequest) => Promise<Page<T>>, wanted: number, cursor: string | null = null,
): Promise<Walked<T>> {
  const items: T[] = []
  let next = cursor
  do {
    const limit = Math.min(LONGEST_PAGE, wanted - items.length)
    const page = await load(next ? { limit, cursor: next } : { limit })
    items.push(...page.items)
    // A cursor that does not move would walk for ever.
    next = page.cursor && page.cursor !== next ? page.cursor : null
  } while (next && items.length < wanted)
  return { items, cursor: next }
}
