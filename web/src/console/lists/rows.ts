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
 * missing row may just be on a later page, and stays as it is.
 */
export function reconcile<T>(
  rows: readonly Row<T>[], fresh: readonly T[], keyOf: (item: T) => string, whole: boolean,
): Reconciled<T> {
  if (rows.length === 0) return { rows: rowsOf(fresh, keyOf), waiting: 0 }
  const byKey = new Map(fresh.map((item) => [keyOf(item), item]))
  const known = new Set(rows.map((row) => row.key))
  return {
    rows: rows.map((row) => {
      const item = byKey.get(row.key)
      if (item !== undefined) return { key: row.key, item, gone: false }
      return { ...row, gone: row.gone || whole }
    }),
    waiting: [...byKey.keys()].filter((key) => !known.has(key)).length,
  }
}

/** The row to select when `key` leaves the list: the next one that is open, else the one before. */
export function successor<T>(rows: readonly Row<T>[], key: string): string | null {
  const at = rows.findIndex((row) => row.key === key)
  if (at < 0) return rows.find((row) => !row.gone)?.key ?? null
  const after = rows.slice(at + 1).find((row) => !row.gone)
  const before = rows.slice(0, at).reverse().find((row) => !row.gone)
  return (after ?? before)?.key ?? null
}
