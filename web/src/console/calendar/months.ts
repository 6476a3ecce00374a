/** A year of the working calendar: which days are worked, and the announcements that say so. */
import type { CalendarDay } from '../api/types'

export type DayKind = 'work' | 'weekend' | 'holiday' | 'makeup'

export interface Day {
  date: string
  day: number
  kind: DayKind
  name: string
}

/** A month as its weeks, Monday first; null where another month's days stand. */
export interface Month {
  month: number
  weeks: (Day | null)[][]
}

/** The most that a month touches: all are drawn alike. */
const WEEKS = 6
const DAY_MILLIS = 86_400_000
const iso = (time: number): string => new Date(time).toISOString().slice(0, 10)

export function monthsOf(year: number, exceptions: readonly CalendarDay[]): Month[] {
  return Array.from({ length: 12 }, (_, at) => {
    const first = Date.UTC(year, at, 1)
    const days: (Day | null)[] = Array.from({ length: weekdayOf(first) }, () => null)
    for (let time = first; new Date(time).getUTCMonth() === at; time += DAY_MILLIS) days.push(dayOf(time, exceptions))
    while (days.length < WEEKS * 7) days.push(null)
    return { month: at + 1, weeks: Array.from({ length: WEEKS }, (_, week) => days.slice(week * 7, week * 7 + 7)) }
  })
}

/** 0 is Monday. */
const weekdayOf = (time: number): number => (new Date(time).getUTCDay() + 6) % 7

function dayOf(time: number, exceptions: readonly CalendarDay[]): Day {
  const date = iso(time)
  const said = exceptions.find((each) => each.from <= date && date <= each.to)
  const kind: DayKind = said ? (said.worked ? 'makeup' : 'holiday') : weekdayOf(time) > 4 ? 'weekend' : 'work'
  return { date, day: new Date(time).getUTCDate(), kind, name: said?.name ?? '' }
}

/** Days one after the other that are called and treated alike are one announcement; a weekend between belongs to it. */
export function runsOf(days: readonly CalendarDay[]): CalendarDay[] {
  const runs: CalendarDay[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && last.name === day.name && last.worked === day.worked && joins(last.to, day.from, day.worked)) last.to = day.to
    else runs.push({ ...day })
  }
  return runs
}

function joins(to: string, from: string, worked: boolean): boolean {
  for (let time = Date.parse(`${to}T00:00:00Z`) + DAY_MILLIS; iso(time) < from; time += DAY_MILLIS) {
    if (worked || weekdayOf(time) < 5) return false
  }
  return from > to
}

export const workedIn = (months: readonly Month[]): number =>
  months.flatMap((month) => month.weeks.flat()).filter((day) => day && (day.kind === 'work' || day.kind === 'makeup')).length
