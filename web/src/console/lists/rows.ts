/**
 * What a list does when the server says that something changed: rows the reader
 * sees stay where they are, changed ones change in place, those that are gone
 * are marked, and new ones wait until the reader asks for them.
 */
export interface Row<T> {
  key: string
  item: T
  /** No longer in the server's list: decided or withdrawn by somebody else. */
  gone: boolean
}

export interface Reconciled<T> {
  rows: Row<T>[]
  /** How many new items wait to be loaded. */
  waiting: number
}

export function rowsOf<T>(items: readonly T[], keyOf: (item: T) => string): Row<T>[] {
  const seen = new Set<string>()
  const rows: Row<T>[] = []
  for (const item of items) {
    const key = keyOf(item)
    if (seen.has(key)) continue
    seen.add(key)
    rows.push({ key, item, gone: false })
  }
  return rows
}

/**
 * `whole`: `fresh` is the complete list, so a missing row is gone. Otherwise a
 * missing row may just be on a later page, and stays as it is; unless the list is
 * `steady`, which is in an order that no item ever changes: then what is missing
 * before an item that is there has gone. `ended`: what is shown reaches the end of
 * the list as it was, so that all that follows is new. A row that says the same stays the same
 * object: thousands are drawn.
 */
export function reconcile<T>(
  rows: readonly Row<T>[], fresh: readonly T[], keyOf: (item: T) => string, whole: boolean, steady = false, ended = whole,
): Reconciled<T> {
  if (rows.length === 0) return { rows: rowsOf(fresh, keyOf), waiting: 0 }
  const byKey = new Map(fresh.map((item) => [keyOf(item), item]))
  const known = new Set(rows.map((row) => row.key))
  const reached = whole ? rows.length : steady ? rows.findLastIndex((row) => byKey.has(row.key)) : 0
  const inOrder = [...byKey.keys()]
  // Behind the last row that is shown begins what "more" loads.
  const looked = ended ? inOrder : inOrder.slice(0, inOrder.findLastIndex((key) => known.has(key)) + 1)
  return {
    rows: rows.map((row, at) => {
      const item = byKey.get(row.key)
      if (item !== undefined) return !row.gone && same(row.item, item) ? row : { key: row.key, item, gone: false }
      return row.gone || at >= reached ? row : { ...row, gone: true }
    }),
    waiting: looked.filter((key) => !known.has(key)).length,
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The row to select when `key` leaves the list: the next one that is open, else the one before. */
export function successor<T>(rows: readonly Row<T>[], key: string): string | null {
  const at = rows.findIndex((row) => row.key === key)
  if (at < 0) return rows.find((row) => !row.gone)?.key ?? null
  const after = rows.slice(at + 1).find((row) => !row.gone)
  const before = rows.slice(0, at).reverse().find((row) => !row.gone)
  return (after ?? before)?.key ?? null
}
