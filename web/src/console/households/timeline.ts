/** The assistance chain (一户一条救助链): what anyone gave, newest first, by year. */
import type { SyncedRecord } from '../api/types'
import { byNewest } from './story'

export interface ChainYear {
  year: string
  /** Sum of what was given, in yuan. Returned and planned amounts do not count. */
  given: number
  items: SyncedRecord[]
}

export function chainByYear(assistance: readonly SyncedRecord[]): ChainYear[] {
  const years = new Map<string, ChainYear>()
  for (const record of byNewest(assistance, 'given_on')) {
    const year = /^\d{4}/.exec(String(record.given_on ?? record.period ?? ''))?.[0] ?? ''
    const entry = years.get(year) ?? { year, given: 0, items: [] }
    years.set(year, entry)
    entry.items.push(record)
    if (typeof record.amount === 'number' && (record.state === 'given' || !record.state)) entry.given += record.amount
  }
  return [...years.values()].sort((a, b) => b.year.localeCompare(a.year))
}
