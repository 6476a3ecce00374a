// The village in memory: one line for each household, with what the lists and the
// search need. Read once from the store, and again when something changes.
import { shallowRef } from 'vue'
import type { Entry } from '@/store/records'
import type { Store } from '@/store/store'
import type { Values } from '@/sync/wire'
import { list, text } from './words'

/** Who lives there, as far as search and the duplicate check need it. */
export interface LineMember {
  id: string
  name: string
  birthDate: string
}

export interface HouseholdLine {
  id: string
  head: string
  address: string
  phone: string
  region: string
  members: LineMember[]
  categories: string[]
  needs: string[]
  lastVisited: string
  openTasks: Values[]
  openWarnings: Values[]
  closed: boolean
  pending: boolean
  place: { lat: number; lng: number } | null
}

export interface Village {
  lines: HouseholdLine[]
  byId: Map<string, HouseholdLine>
  visitedMonths: Map<string, Set<string>>
}

export const emptyVillage: Village = { lines: [], byId: new Map(), visitedMonths: new Map() }

/** Worst first: the order in which a household's categories are shown. */
const categoryOrder = ['destitute', 'subsistence', 'marginal', 'rigid_expense', 'relapse_risk', 'other']

export async function readVillage(store: Store, today: string): Promise<Village> {
  const [households, members, categories, tasks, warnings, visits] = await Promise.all(
    ['households', 'members', 'categories', 'tasks', 'warnings', 'visits'].map((type) => store.records.list(type)),
  ) as [Entry[], Entry[], Entry[], Entry[], Entry[], Entry[]]
  const byId = new Map(households.map((entry) => [entry.id, lineOf(entry)]))
  for (const { id, record } of members) {
    byId.get(text(record.household))?.members.push({ id, name: text(record.name), birthDate: text(record.birth_date) })
  }
  for (const { record } of categories) addCategory(byId.get(text(record.household)), record, today)
  for (const { record } of tasks) {
    if (text(record.state) === 'open' || !record.state) byId.get(text(record.household))?.openTasks.push(record)
  }
  for (const { record } of warnings) {
    if (openWarningStates.has(text(record.state))) byId.get(text(record.household))?.openWarnings.push(record)
  }
  const lines = [...byId.values()].sort((a, b) => a.head.localeCompare(b.head, 'zh-Hans-CN'))
  return { lines, byId, visitedMonths: metByMonth(visits) }
}

export const openWarningStates = new Set(['open', 'verifying', ''])

function lineOf({ id, record, pending }: Entry): HouseholdLine {
  const place = record.place as { lat?: number; lng?: number } | undefined
  return {
    id,
    head: text(record.head_name),
    address: text(record.address),
    phone: text(record.phone),
    region: text(record.region),
    members: [],
    categories: [],
    needs: list(record.needs),
    lastVisited: text(record.last_visited),
    openTasks: [],
    openWarnings: [],
    closed: text(record.state) === 'closed',
    pending: pending > 0,
    place: typeof place?.lat === 'number' && typeof place.lng === 'number' ? { lat: place.lat, lng: place.lng } : null,
  }
}

function addCategory(line: HouseholdLine | undefined, record: Values, today: string): void {
  const category = text(record.category)
  const ended = text(record.to) !== '' && text(record.to) < today
  if (line === undefined || ended || line.categories.includes(category)) return
  line.categories.push(category)
  line.categories.sort((a, b) => categoryOrder.indexOf(a) - categoryOrder.indexOf(b))
}

/** Month -> the households met in it; only met counts as seen. */
function metByMonth(visits: readonly Entry[]): Map<string, Set<string>> {
  const months = new Map<string, Set<string>>()
  for (const { record } of visits) {
    if (record.outcome !== 'met') continue
    const month = text(record.visited_on).slice(0, 7)
    const met = months.get(month) ?? new Set<string>()
    met.add(text(record.household))
    months.set(month, met)
  }
  return months
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
