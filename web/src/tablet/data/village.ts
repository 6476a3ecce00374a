// The village in memory: one line for each household, with what the lists and the
// search (search.ts) need. It comes from the store's sealed index (store/lines.ts); how
// a line is made of a household's records stands here.
import type { LineMaker, LinesHeld } from '@/store/lines'
import type { Entry } from '@/store/records'
import type { Values } from '@/sync/wire'
import { list, text } from './words'

/** Who lives there, as far as search and the duplicate check need it. */
export interface LineMember {
  id: string
  name: string
  birthDate: string
}

/** A category that the household was admitted to, with the form of support, until a day if it has an end. */
export interface Admission {
  category: string
  form: string
  to: string
}

/** Of an open task and an open warning what lists show; their pages have the rest. */
export interface LineTask {
  id: string
  kind: string
  title: string
  /** Of what came back alone: the town's reason. */
  detail: string
  due: string
}
export interface LineWarning {
  indicator: string
  level: string
  title: string
  due: string
}

/** What is kept of a household in the index: nothing in it depends on the day. */
export interface HouseholdLine {
  id: string
  head: string
  address: string
  phone: string
  region: string
  members: LineMember[]
  admissions: Admission[]
  livesAlone: boolean
  reviewClass: string
  needs: string[]
  lastVisited: string
  openTasks: LineTask[]
  openWarnings: LineWarning[]
  closed: boolean
  pending: boolean
  place: { lat: number; lng: number } | null
  /** The months in which somebody was met, newest first. */
  metMonths: string[]
}

export interface Village {
  today: string
  lines: readonly HouseholdLine[]
  byId: ReadonlyMap<string, HouseholdLine>
}

/** Worst first: the order in which a household's categories are shown. */
const categoryOrder = ['destitute', 'subsistence', 'marginal', 'rigid_expense', 'relapse_risk', 'other']
const keptMonths = 24

export const openWarningStates = new Set(['open', 'verifying', ''])

const byName = new Intl.Collator('zh-Hans-CN').compare

export const villageLines: LineMaker<HouseholdLine> = {
  format: 3,
  types: ['households', 'members', 'categories', 'tasks', 'warnings', 'visits'],
  make: makeLine,
  compare: (a, b) => byName(a.head, b.head),
}

function makeLine({ id, record }: Entry, of: ReadonlyMap<string, Entry[]>): HouseholdLine {
  const records = (type: string): Values[] => (of.get(type) ?? []).map((entry) => entry.record)
  const place = record.place as { lat?: number; lng?: number } | undefined
  return {
    id,
    head: text(record.head_name),
    address: text(record.address),
    phone: text(record.phone),
    region: text(record.region),
    members: (of.get('members') ?? []).map((entry) => ({ id: entry.id, name: text(entry.record.name), birthDate: text(entry.record.birth_date) })),
    admissions: records('categories').map((each) => ({ category: text(each.category), form: text(each.support_form), to: text(each.to) })),
    livesAlone: record.lives_alone === true,
    reviewClass: text(record.review_class),
    needs: list(record.needs),
    lastVisited: text(record.last_visited),
    openTasks: (of.get('tasks') ?? []).filter(({ record: task }) => (text(task.state) || 'open') === 'open').map(lineTask),
    openWarnings: records('warnings').filter((warning) => openWarningStates.has(text(warning.state))).map(lineWarning),
    closed: text(record.state) === 'closed',
    pending: [...of.values()].some((entries) => entries.some((entry) => entry.pending > 0)),
    place: typeof place?.lat === 'number' && typeof place.lng === 'number' ? { lat: place.lat, lng: place.lng } : null,
    metMonths: metMonths(records('visits')),
  }
}

/** Only met counts as seen. */
function metMonths(visits: readonly Values[]): string[] {
  const months = new Set(visits.filter((visit) => visit.outcome === 'met').map((visit) => text(visit.visited_on).slice(0, 7)))
  return [...months].sort().reverse().slice(0, keptMonths)
}

const lineTask = ({ id, record }: Entry): LineTask => {
  const kind = text(record.kind)
  return { id, kind, title: text(record.title), detail: kind === 'returned' ? text(record.detail) : '', due: text(record.due_on) }
}

const lineWarning = (record: Values): LineWarning => ({
  indicator: text(record.indicator),
  level: text(record.level),
  title: text(record.title),
  due: text(record.due_on),
})

/** The index as the screens read it on a day. */
export const villageOf = ({ sorted, lines }: LinesHeld<HouseholdLine>, today: string): Village => ({ today, lines: sorted, byId: lines })

/** The categories that a household stands in on a day, the worst first. */
export function categoriesOn(today: string, line: Pick<HouseholdLine, 'admissions'>): string[] {
  const now: string[] = []
  for (const admission of line.admissions) if (standsOn(today, admission) && !now.includes(admission.category)) now.push(admission.category)
  return now.length < 2 ? now : now.sort((a, b) => categoryOrder.indexOf(a) - categoryOrder.indexOf(b))
}

/** All categories that anybody stands in. */
export function categoriesAmong(lines: readonly HouseholdLine[], today: string): Set<string> {
  const found = new Set<string>()
  for (const line of lines) for (const admission of line.admissions) if (standsOn(today, admission)) found.add(admission.category)
  return found
}

export const standsOn = (today: string, { to }: Pick<Admission, 'to'>): boolean => to === '' || to >= today
