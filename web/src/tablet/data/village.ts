// The village in memory: one line for each household, with what the lists and the
// search need. It comes from the store's sealed index (store/lines.ts); how a line is
// made of a household's records stands here.
import { shallowRef } from 'vue'
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
  lines: HouseholdLine[]
  byId: Map<string, HouseholdLine>
  visitedMonths: Map<string, Set<string>>
}

export const emptyVillage: Village = { lines: [], byId: new Map(), visitedMonths: new Map() }

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
export function villageOf({ sorted }: LinesHeld<KeptLine>, today: string): Village {
  const lines = sorted.map((line): HouseholdLine => ({ ...line, categories: standing(line, today) }))
  const visitedMonths = new Map<string, Set<string>>()
  for (const { id, metMonths: months } of sorted) {
    for (const month of months) {
      const met = visitedMonths.get(month)
      if (met === undefined) visitedMonths.set(month, new Set([id]))
      else met.add(id)
    }
  }
  return { lines, byId: new Map(lines.map((line) => [line.id, line])), visitedMonths }
}

function standing(line: KeptLine, today: string): string[] {
  const now = line.admissions.filter(({ to }) => to === '' || to >= today).map(({ category }) => category)
  return [...new Set(now)].sort((a, b) => categoryOrder.indexOf(a) - categoryOrder.indexOf(b))
}

/** The spelling of every name, filled in when it is first needed. */
const spellings = shallowRef<((name: string) => { initials: string; full: string }) | null>(null)
let like: ((spelling: { initials: string; full: string }, query: string) => boolean) | null = null
const known = new Map<string, { initials: string; full: string }>()

export async function loadPinyin(): Promise<void> {
  if (spellings.value !== null) return
  const module = await import('./pinyin')
  like = module.spelledLike
  spellings.value = module.spell
}

/** Households whose head, member, address or phone matches, best first. */
export function search(lines: readonly HouseholdLine[], query: string): HouseholdLine[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return [...lines]
  const spell = spellings.value
  const latin = /^[a-z]+$/.test(wanted)
  const matches = (name: string): boolean => {
    if (name.toLowerCase().includes(wanted)) return true
    if (!latin || spell === null || like === null) return false
    let spelling = known.get(name)
    if (spelling === undefined) known.set(name, (spelling = spell(name)))
    return like(spelling, wanted)
  }
  const heads: HouseholdLine[] = []
  const others: HouseholdLine[] = []
  for (const line of lines) {
    if (matches(line.head)) heads.push(line)
    else if (line.members.some((member) => matches(member.name)) || line.address.includes(wanted) || line.phone.includes(wanted)) others.push(line)
  }
  return [...heads, ...others]
}
