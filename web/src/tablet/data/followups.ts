// Which households wait for their next follow-up, by the date that the last one set.
import type { Entry } from '@/store/records'
import { dayServed } from '../forms/followup'
import type { HouseholdLine } from './village'
import { daysBetween, text } from './words'

export interface FollowupLine {
  line: HouseholdLine
  last: Entry | null
  nextOn: string
  /** Days until the date; negative: overdue; null: no date was set. */
  days: number | null
}

export interface FollowupList {
  due: FollowupLine[]
  later: FollowupLine[]
  /** Followed up, without a next date; and never. */
  open: FollowupLine[]
}

export function followupList(lines: readonly HouseholdLine[], followups: readonly Entry[], today: string): FollowupList {
  const latest = new Map<string, Entry>()
  for (const entry of followups) {
    const home = text(entry.record.household)
    const known = latest.get(home)
    if (known === undefined || dayServed(known) < dayServed(entry) || (dayServed(known) === dayServed(entry) && known.id < entry.id)) latest.set(home, entry)
  }
  const all = lines
    .filter((line) => !line.closed)
    .map((line): FollowupLine => {
      const last = latest.get(line.id) ?? null
      const nextOn = text(last?.record.next_on)
      return { line, last, nextOn, days: nextOn === '' ? null : daysBetween(today, nextOn) }
    })
  const byDay = (a: FollowupLine, b: FollowupLine): number => a.nextOn.localeCompare(b.nextOn)
  return {
    due: all.filter(({ days }) => days !== null && days <= 0).sort(byDay),
    later: all.filter(({ days }) => days !== null && days > 0).sort(byDay),
    open: all.filter(({ days }) => days === null).sort((a, b) => Number(a.last !== null) - Number(b.last !== null)),
  }
}
