// The order of the day: need first, then nearness, then who waited longest. Each
// household stands once, with all its reasons; the gravest decides its place. Pure.
import { categoriesOn, type HouseholdLine, type LineTask, type LineWarning } from './village'
import { daysBetween } from './words'

export interface Reason {
  /** Key under `today.reason`. */
  key: string
  params: Record<string, string | number>
  tone: 'red' | 'orange' | 'plain'
  need: number
}

export interface Place {
  lat: number
  lng: number
}

export interface Stop {
  line: HouseholdLine
  reasons: Reason[]
  need: number
  metres: number | null
}

/** The steps of need, the gravest first. Within one step nearness decides. */
export const need = { red: 6, overdue: 5, orange: 4, soon: 3, yellow: 2, long: 1 } as const

/** So long may a household go unseen [C]: 特困 a month, 低保 a quarter, the rest half a year. */
const seenWithinDays: Record<string, number> = { destitute: 30, subsistence: 91 }
const othersSeenWithinDays = 183
const soonDays = 3

export function dayPlan(lines: readonly HouseholdLine[], today: string, from: Place | null): Stop[] {
  return lines
    .filter((line) => !line.closed)
    .map((line) => stopOf(line, today, from))
    .filter((stop) => stop.reasons.length > 0)
    .sort(byNeed)
}

function byNeed(a: Stop, b: Stop): number {
  return (
    b.need - a.need ||
    (a.metres ?? Number.MAX_SAFE_INTEGER) - (b.metres ?? Number.MAX_SAFE_INTEGER) ||
    compare(a.line.lastVisited, b.line.lastVisited) ||
    compare(a.line.id, b.line.id)
  )
}

/** Dates and ids are ASCII: no language's order is asked, which is slow. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function stopOf(line: HouseholdLine, today: string, from: Place | null): Stop {
  const reasons = [
    ...line.openWarnings.map((warning) => warningReason(warning, today)),
    ...line.openTasks.filter((task) => task.kind !== 'returned').map((task) => taskReason(task, today)),
    ...unseen(line, today),
  ].filter((reason) => reason !== null)
  reasons.sort((a, b) => b.need - a.need)
  return { line, reasons, need: reasons[0]?.need ?? 0, metres: from !== null && line.place !== null ? metresBetween(from, line.place) : null }
}

function warningReason(warning: LineWarning, today: string): Reason {
  const { level, title } = warning
  const left = leftUntil(warning.due, today)
  const own = level === 'red' ? need.red : level === 'orange' ? need.orange : need.yellow
  const late = left !== null && left < 0
  return {
    key: late ? 'warning_late' : 'warning',
    params: { title, days: late ? -(left ?? 0) : 0 },
    tone: level === 'red' ? 'red' : 'orange',
    need: late ? Math.max(own, need.overdue) : own,
  }
}

function taskReason(task: LineTask, today: string): Reason | null {
  const left = leftUntil(task.due, today)
  const params = { title: task.title, days: Math.abs(left ?? 0) }
  if (left === null) return { key: 'task', params, tone: 'plain', need: need.yellow }
  if (left < 0) return { key: 'task_late', params, tone: 'red', need: need.overdue }
  if (left === 0) return { key: 'task_today', params, tone: 'orange', need: need.orange }
  if (left <= soonDays) return { key: 'task_soon', params, tone: 'orange', need: need.soon }
  return left <= 14 ? { key: 'task_soon', params, tone: 'plain', need: need.yellow } : null
}

function unseen(line: HouseholdLine, today: string): Reason[] {
  if (line.lastVisited === '') return [{ key: 'never', params: {}, tone: 'orange', need: need.long }]
  const limit = Math.min(...categoriesOn(today, line).map((category) => seenWithinDays[category] ?? othersSeenWithinDays), othersSeenWithinDays)
  const days = daysBetween(line.lastVisited, today)
  return days > limit ? [{ key: 'long', params: { days }, tone: 'plain', need: need.long }] : []
}

const leftUntil = (day: string, today: string): number | null => (day === '' ? null : daysBetween(today, day))

/** Near enough for a village: an equirectangular distance. */
export function metresBetween(a: Place, b: Place): number {
  const degree = 111_320
  const x = (b.lng - a.lng) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180)
  return Math.round(Math.hypot(x, b.lat - a.lat) * degree)
}
