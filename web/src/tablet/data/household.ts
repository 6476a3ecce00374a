// Everything one household's page shows, in one read.
import type { Entry } from '@/store/records'
import type { OpEntry } from '@/store/outbox'
import type { Store } from '@/store/store'
import { Stage } from '@/store/database'
import { openWarningStates } from './village'
import { text } from './words'

export interface HouseholdPage {
  household: Entry
  members: Entry[]
  visits: Entry[]
  statusChanges: Entry[]
  assistance: Entry[]
  entitlements: Entry[]
  categories: Entry[]
  tasks: Entry[]
  warnings: Entry[]
  /** Own edits that the server has not decided, or decided otherwise. */
  edits: OpEntry[]
}

const newestFirst = (field: string) => (a: Entry, b: Entry): number =>
  text(b.record[field]).localeCompare(text(a.record[field]))

export async function readHousehold(store: Store, id: string): Promise<HouseholdPage | null> {
  const of = (type: string): Promise<Entry[]> => store.records.of(type, id)
  const [household, members, visits, statusChanges, assistance] = await Promise.all([
    store.records.get('households', id),
    of('members'),
    of('visits'),
    of('status_changes'),
    of('assistance'),
  ])
  const [entitlements, categories, tasks, warnings, edits] = await Promise.all([
    of('entitlements'),
    of('categories'),
    of('tasks'),
    of('warnings'),
    store.outbox.entriesOf(id),
  ])
  if (household === undefined) return null
  return {
    household,
    members: members.sort(headFirst),
    visits: visits.sort(newestFirst('visited_on')),
    statusChanges: statusChanges.sort(newestFirst('happened_on')),
    assistance: assistance.sort(newestFirst('given_on')),
    entitlements,
    categories: categories.sort((a, b) => text(a.record.from).localeCompare(text(b.record.from))),
    tasks: tasks.filter((task) => (text(task.record.state) || 'open') === 'open').sort((a, b) => text(a.record.due_on).localeCompare(text(b.record.due_on))),
    warnings: warnings.filter((warning) => openWarningStates.has(text(warning.record.state))),
    edits: edits.filter((edit) => (edit.stage === Stage.open && edit.type !== 'photos') || edit.news === 1),
  }
}

const headCodes = new Set(['01', '02'])

function headFirst(a: Entry, b: Entry): number {
  const head = (entry: Entry): number => (headCodes.has(text(entry.record.relation)) ? 0 : 1)
  return head(a) - head(b) || text(a.record.birth_date).localeCompare(text(b.record.birth_date))
}
