// The order of the day: need first, then nearness, then who waited longest. Each
// household stands once, with all its reasons; the gravest decides its place. Pure.
import type { VisitTerm } from '@/sync/schema'
import { standsOn, type HouseholdLine, type LineTask, type LineWarning } from './village'
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

const soonDays = 3
/** The indicator that says of a household that it was not visited in time. */
const unvisited = 'V1'

/** Whom to see, as far as it is asked for: a county's worker has thousands, and looks at a few. */
export interface DayPlan {
  count: number
  first: (limit: number) => Stop[]
}

export interface Asked {
  today: string
  terms: readonly VisitTerm[]
  from: Place | null
}

export function dayPlan(lines: readonly HouseholdLine[], asked: Asked): DayPlan {
  const steps = new Map<number, Stop[]>()
  let count = 0
  for (const line of lines) {
    const reasons = line.closed ? [] : reasonsOf(line, asked)
    if (reasons.length === 0) continue
    count++
    const gravest = Math.max(...reasons.map((reason) => reason.need))
    const metres = asked.from !== null && line.place !== null ? metresBetween(asked.from, line.place) : null
    const stop = { line, reasons, need: gravest, metres }
    const step = steps.get(gravest)
    if (step === undefined) steps.set(gravest, [stop])
    else step.push(stop)
  }
  return { count, first: (limit) => firstOf(steps, limit) }
}

/** The steps one after the other, each put in order when it is reached. */
function firstOf(steps: ReadonlyMap<number, Stop[]>, limit: number): Stop[] {
  const first: Stop[] = []
  for (const step of [...steps.keys()].sort((a, b) => b - a)) {
    if (first.length >= limit) break
    first.push(...(steps.get(step) ?? []).sort(within).slice(0, limit - first.length))
  }
  for (const stop of first) stop.reasons.sort((a, b) => b.need - a.need)
  return first
}

function within(a: Stop, b: Stop): number {
  return (
    (a.metres ?? Number.MAX_SAFE_INTEGER) - (b.metres ?? Number.MAX_SAFE_INTEGER) ||
    compare(a.line.lastVisited, b.line.lastVisited) ||
    compare(a.line.id, b.line.id)
  )
}

/** Dates and ids are ASCII: no language's order is asked, which is slow. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function reasonsOf(line: HouseholdLine, { today, terms }: Asked): Reason[] {
  return [
    ...line.openWarnings.filter((warning) => !isMade(line, warning, today, terms)).map((warning) => warningReason(line, warning, today)),
    ...line.openTasks.filter((task) => task.kind !== 'returned').map((task) => taskReason(task, today)),
    ...unseen(line, today, terms),
  ].filter((reason) => reason !== null)
}

function warningReason(line: HouseholdLine, warning: LineWarning, today: string): Reason {
  const { level, title } = warning
  const left = leftUntil(warning.due, today)
  const own = level === 'red' ? need.red : level === 'orange' ? need.orange : need.yellow
  const tone = level === 'red' ? 'red' : 'orange'
  if (left !== null && left < 0) return { key: 'warning_late', params: { title, days: -left }, tone, need: Math.max(own, need.overdue) }
  if (warning.indicator !== unvisited) return { key: 'warning', params: { title, days: 0 }, tone, need: own }
  // For how long says more than that it is too long.
  return { ...seen(line, today), tone, need: own }
}

/** V1 ends at the server when the visit arrives there; here when it is made. */
const isMade = (line: HouseholdLine, warning: LineWarning, today: string, terms: readonly VisitTerm[]): boolean =>
  warning.indicator === unvisited && terms.length > 0 && line.lastVisited !== '' && !isLong(line, today, terms)

const seen = ({ lastVisited }: HouseholdLine, today: string): Pick<Reason, 'key' | 'params'> =>
  lastVisited === '' ? { key: 'never', params: {} } : { key: 'long', params: { days: daysBetween(lastVisited, today) } }

function taskReason(task: LineTask, today: string): Reason | null {
  const left = leftUntil(task.due, today)
  const params = { title: task.title, days: Math.abs(left ?? 0) }
  if (left === null) return { key: 'task', params, tone: 'plain', need: need.yellow }
  if (left < 0) return { key: 'task_late', params, tone: 'red', need: need.overdue }
  if (left === 0) return { key: 'task_today', params, tone: 'orange', need: need.orange }
  if (left <= soonDays) return { key: 'task_soon', params, tone: 'orange', need: need.soon }
  return left <= 14 ? { key: 'task_soon', params, tone: 'plain', need: need.yellow } : null
}

/** What V1 says already is not said twice. */
function unseen(line: HouseholdLine, today: string, terms: readonly VisitTerm[]): Reason[] {
  if (line.openWarnings.some((warning) => warning.indicator === unvisited)) return []
  if (line.lastVisited === '') return [{ ...seen(line, today), tone: 'orange', need: need.long }]
  return isLong(line, today, terms) ? [{ ...seen(line, today), tone: 'plain', need: need.long }] : []
}

/** Longer than one of the terms that fit, as the server reckons (domain/indicator/visit_terms.go). */
function isLong(line: HouseholdLine, today: string, terms: readonly VisitTerm[]): boolean {
  const days = daysBetween(line.lastVisited, today)
  return terms.some((term) => days > term.days && fits(term, line, today))
}

function fits(term: VisitTerm, line: HouseholdLine, today: string): boolean {
  if (term.lives_alone && !line.livesAlone) return false
  if (term.review_class && term.review_class !== line.reviewClass) return false
  if (!term.category) return true
  return line.admissions.some((each) => each.category === term.category && (!term.support_form || each.form === term.support_form) && standsOn(today, each))
}

const leftUntil = (day: string, today: string): number | null => (day === '' ? null : daysBetween(today, day))

/** Near enough for a village: an equirectangular distance. */
export function metresBetween(a: Place, b: Place): number {
  const degree = 111_320
  const x = (b.lng - a.lng) * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180)
  return Math.round(Math.hypot(x, b.lat - a.lat) * degree)
}
