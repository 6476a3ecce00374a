// The visit form: what it holds, how it begins, and the one commit it becomes.
import { createOp, patchOp, type Making, type Opened } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { Commit, Store } from '@/store/store'
import type { Entry } from '@/store/records'
import type { NewOp } from '@/store/outbox'
import type { OpBody, Values } from '@/sync/wire'
import { readHousehold } from '../data/household'
import { list, text } from '../data/words'
import { changeItems } from './changes'
import { photoValues, type PictureRef } from './picture'
import { faultsOf, type Fault } from './validate'

export interface VisitForm {
  visit: string
  kind: string
  outcome: string
  visitedOn: string
  /** null until the worker has said "no change" or "something changed". */
  changed: boolean | null
  changes: string[]
  household: Opened
  members: Opened[]
  householdNow: Values
  membersNow: Record<string, Values>
  needs: string[]
  conclusion: string
  met: string
  photos: PictureRef[]
  signature: PictureRef | null
  place: Values | null
  tasks: { opened: Opened; title: string; done: boolean }[]
}

const openedFrom = ({ type, id, rev, record }: Entry): Opened => ({ type, id, rev, was: record })

/** A form prefilled with what is known. */
export async function freshVisit(store: Store, making: Making, household: string, today: string, role: string): Promise<VisitForm> {
  const page = await readHousehold(store, household)
  if (page === null) throw new Error(`visit: no household ${household}`)
  return {
    visit: making.newId(),
    kind: role === 'social' ? 'follow_up' : 'routine',
    outcome: 'met',
    visitedOn: today,
    changed: null,
    changes: [],
    household: openedFrom(page.household),
    members: page.members.map(openedFrom),
    householdNow: {},
    membersNow: {},
    needs: list(page.household.record.needs),
    conclusion: '',
    met: '',
    photos: [],
    signature: null,
    place: null,
    tasks: page.tasks
      .filter((task) => task.record.kind === 'visit')
      .map((task) => ({ opened: openedFrom(task), title: text(task.record.title), done: true })),
  }
}

/** The edits that count: only under items that are ticked, only where someone was met. */
function editsOf(form: VisitForm): { household: Values; members: Record<string, Values> } {
  if (form.outcome !== 'met' || form.changed !== true) return { household: {}, members: {} }
  const ticked = changeItems.filter((item) => form.changes.includes(item.value))
  const pick = (values: Values, fields: readonly string[]): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)))
  const members: Record<string, Values> = {}
  for (const [id, values] of Object.entries(form.membersNow)) members[id] = pick(values, ticked.flatMap((item) => item.member))
  return { household: pick(form.householdNow, ticked.flatMap((item) => item.household)), members }
}

export interface VisitFaults {
  form: Fault | null
  household: Record<string, Fault>
  members: Record<string, Record<string, Fault>>
}

export function visitFaults(schema: Schema, form: VisitForm): VisitFaults | null {
  const edits = editsOf(form)
  const household = faultsOf(schema.types.households?.fields ?? {}, edits.household)
  const members: Record<string, Record<string, Fault>> = {}
  for (const [id, values] of Object.entries(edits.members)) {
    const found = faultsOf(schema.types.members?.fields ?? {}, values)
    if (Object.keys(found).length > 0) members[id] = found
  }
  const unanswered = form.outcome === 'met' && form.changed === null
  const unticked = form.outcome === 'met' && form.changed === true && form.changes.length === 0
  const whole: Fault | null = unanswered
    ? { key: 'fault.changed', params: {} }
    : unticked
      ? { key: 'fault.changes', params: {} }
      : null
  const good = whole === null && Object.keys(household).length === 0 && Object.keys(members).length === 0
  return good ? null : { form: whole, household, members }
}

/** Visit, pictures and edits as ops of one commit. */
export function visitCommit(schema: Schema, making: Making, form: VisitForm, draft: string): Commit {
  const met = form.outcome === 'met'
  const signature = met ? form.signature : null
  const pictures = signature === null ? form.photos : [...form.photos, signature]
  const bodies: (OpBody | null)[] = [
    createOp(making, 'visits', form.visit, {
      household: form.household.id,
      kind: form.kind,
      visited_on: form.visitedOn,
      outcome: form.outcome,
      met: met ? form.met : null,
      changes: met && form.changed === true ? form.changes : [],
      needs: met ? form.needs : [],
      conclusion: form.conclusion,
      signature: signature?.id ?? null,
      place: form.place,
      task: form.tasks.find((task) => task.done)?.opened.id ?? null,
    }),
    ...pictures.map((picture) => createOp(making, 'photos', picture.id, photoValues(picture, 'visits', form.visit, form.place))),
    ...edits(schema, making, form),
    ...form.tasks.filter((task) => task.done).map((task) => closeTask(schema, making, task.opened, form.visit)),
  ]
  const ops = bodies.filter((body) => body !== null).map((body): NewOp => ({ body, household: form.household.id }))
  return { ops, photos: { ids: pictures.map((picture) => picture.id), owner: form.visit }, draft }
}

function edits(schema: Schema, making: Making, form: VisitForm): (OpBody | null)[] {
  const { household, members } = editsOf(form)
  const now: Values = { ...household }
  if (form.outcome === 'met') {
    now.needs = form.needs
    if (form.visitedOn > text(form.household.was.last_visited)) now.last_visited = form.visitedOn
  }
  return [
    patchOp(making, schema, form.household, now),
    ...form.members.map((opened) => patchOp(making, schema, opened, members[opened.id] ?? {})),
  ]
}

const closeTask = (schema: Schema, making: Making, opened: Opened, visit: string): OpBody | null =>
  patchOp(making, schema, opened, { state: 'done', visit })
