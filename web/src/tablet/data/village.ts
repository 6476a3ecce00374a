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

/** What is kept of a household in the index: nothing in it depends on the day. */
export interface KeptLine {
  id: string
  head: string
  address: string
  phone: string
  region: string
  members: LineMember[]
  admissions: { category: string; to: string }[]
  needs: string[]
  lastVisited: string
  openTasks: Values[]
  openWarnings: Values[]
  closed: boolean
  pending: boolean
  place: { lat: number; lng: number } | null
  /** The months in which somebody was met, newest first. */
  metMonths: string[]
}

export interface HouseholdLine extends KeptLine {
  categories: string[]
}

export interface Village {
  today: string
  lines: readonly HouseholdLine[]
  byId: ReadonlyMap<string, HouseholdLine>
  /** What each line was made of: where that is as before, so is the line. */
  made: ReadonlyMap<KeptLine, HouseholdLine>
}

/** Worst first: the order in which a household's categories are shown. */
const categoryOrder = ['destitute', 'subsistence', 'marginal', 'rigid_expense', 'relapse_risk', 'other']
const keptMonths = 24

export const openWarningStates = new Set(['open', 'verifying', ''])

const byName = new Intl.Collator('zh-Hans-CN').compare

export const villageLines: LineMaker<KeptLine> = {
  format: 1,
  types: ['households', 'members', 'categories', 'tasks', 'warnings', 'visits'],
  make: makeLine,
  compare: (a, b) => byName(a.head, b.head),
}

function makeLine({ id, record }: Entry, of: ReadonlyMap<string, Entry[]>): KeptLine {
  const records = (type: string): Values[] => (of.get(type) ?? []).map((entry) => entry.record)
  const place = record.place as { lat?: number; lng?: number } | undefined
  return {
    id,
    head: text(record.head_name),
    address: text(record.address),
    phone: text(record.phone),
    region: text(record.region),
    members: (of.get('members') ?? []).map((entry) => ({ id: entry.id, name: text(entry.record.name), birthDate: text(entry.record.birth_date) })),
    admissions: records('categories').map((each) => ({ category: text(each.category), to: text(each.to) })),
    needs: list(record.needs),
    lastVisited: text(record.last_visited),
    openTasks: records('tasks').filter((task) => (text(task.state) || 'open') === 'open'),
    openWarnings: records('warnings').filter((warning) => openWarningStates.has(text(warning.state))),
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

/** The index as the screens read it on a day. */
export function villageOf({ sorted }: LinesHeld<KeptLine>, today: string, before?: Village): Village {
  const known = before?.today === today ? before.made : undefined
  const made = new Map<KeptLine, HouseholdLine>()
  const byId = new Map<string, HouseholdLine>()
  const lines = sorted.map((kept): HouseholdLine => {
    const line = known?.get(kept) ?? { ...kept, categories: standing(kept, today) }
    made.set(kept, line)
    byId.set(kept.id, line)
    return line
  })
  return { today, lines, byId, made }
}

function standing(line: KeptLine, today: string): string[] {
  const now: string[] = []
  for (const { category, to } of line.admissions) if ((to === '' || to >= today) && !now.includes(category)) now.push(category)
  return now.length < 2 ? now : now.sort((a, b) => categoryOrder.indexOf(a) - categoryOrder.indexOf(b))
}
