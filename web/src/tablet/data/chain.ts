// 一户(人)一条救助链: what anyone gave, by time, member and department, with sums.
// Only what arrived is summed: neither planned help nor what the bank sent back. Pure.
import type { Entry } from '@/store/records'
import { text } from './words'

export interface ChainYear {
  year: string
  sum: number
  entries: Entry[]
}

export interface ChainShare {
  department: string
  sum: number
  times: number
}

const arrived = (entry: Entry): boolean => text(entry.record.state) === '' || entry.record.state === 'given'
const amount = (entry: Entry): number => (arrived(entry) && typeof entry.record.amount === 'number' ? entry.record.amount : 0)

/** The years of the chain, newest first; what has no day yet is coming, and stands first. */
export function chainYears(entries: readonly Entry[], member: string, department: string): ChainYear[] {
  const years = new Map<string, ChainYear>()
  for (const entry of entries) {
    if (member !== '' && text(entry.record.member) !== member) continue
    if (department !== '' && text(entry.record.department) !== department) continue
    const key = text(entry.record.given_on).slice(0, 4)
    const year = years.get(key) ?? { year: key, sum: 0, entries: [] }
    year.sum += amount(entry)
    year.entries.push(entry)
    years.set(key, year)
  }
  const order = ({ year }: ChainYear): string => year || '9999'
  for (const year of years.values()) year.entries.sort((a, b) => text(b.record.given_on).localeCompare(text(a.record.given_on)))
  return [...years.values()].sort((a, b) => order(b).localeCompare(order(a)))
}

/** Who gave how much since a day, the largest first. */
export function chainShares(entries: readonly Entry[], since: string): ChainShare[] {
  const shares = new Map<string, ChainShare>()
  for (const entry of entries) {
    if (!arrived(entry) || text(entry.record.given_on) < since) continue
    const department = text(entry.record.department)
    const share = shares.get(department) ?? { department, sum: 0, times: 0 }
    share.sum += amount(entry)
    share.times += 1
    shares.set(department, share)
  }
  return [...shares.values()].sort((a, b) => b.sum - a.sum || b.times - a.times)
}
