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
import { dayFault, faultsOf, type Fault } from './validate'
import { asksVerification, investigators, visitKinds, visitTasks } from './visit-kinds'

export interface VisitForm {
  visit: string
  kind: string
  outcome: string
  visitedOn: string | null
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
  /** Who investigated: an investigation names two. */
  visitors: string[]
  photos: PictureRef[]
  signature: PictureRef | null
  place: Values | null
  tasks: { opened: Opened; title: string; done: boolean }[]
}

/** Who makes the visit, and the task that it is to answer. */
export interface VisitStart {
  today: string
  role: string
  name?: string
  task?: string
}

const openedFrom = ({ type, id, rev, record }: Entry): Opened => ({ type, id, rev, was: record })

/** A form prefilled with what is known. */
export async function freshVisit(store: Store, making: Making, household: string, { today, role, name = '', task = '' }: VisitStart): Promise<VisitForm> {
  const page = await readHousehold(store, household)
  if (page === null) throw new Error(`visit: no household ${household}`)
  const answered = page.tasks.find((open) => open.id === task)
  const verifies = answered !== undefined && asksVerification(text(answered.record.kind))
  return {
    visit: making.newId(),
    kind: verifies ? 'verification' : (visitKinds(role, [])[0] ?? 'routine'),
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
    visitors: [name],
    photos: [],
    signature: null,
    place: null,
    tasks: page.tasks
      .filter((open) => visitTasks.has(text(open.record.kind)))
      .map((open) => ({ opened: openedFrom(open), title: text(open.record.title), done: open.id === task || open.record.kind === 'visit' })),
  }
}

/** Somebody who joined the family while the visit was half written is in the form, too. */
export async function adoptMembers(store: Store, form: VisitForm): Promise<void> {
  const known = new Set(form.members.map((member) => member.id))
  const joined = (await store.records.of('members', form.household.id)).filter((member) => !known.has(member.id))
  if (joined.length > 0) form.members = [...form.members, ...joined.map(openedFrom)]
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
  kind: Fault | null
  day: Fault | null
  household: Record<string, Fault>
  members: Record<string, Record<string, Fault>>
}

export function visitFaults(schema: Schema, form: VisitForm, today: string): VisitFaults | null {
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
  const [kind, day] = [kindFault(form), dayFault(form.visitedOn, today)]
  const good = whole === null && kind === null && day === null && Object.keys(household).length === 0 && Object.keys(members).length === 0
  return good ? null : { form: whole, kind, day, household, members }
}

function kindFault(form: VisitForm): Fault | null {
  const named = namesOf(form).length
  if (form.kind === 'investigation' && named < investigators) return { key: 'fault.visitors', params: { count: investigators } }
  const answers = form.tasks.some((task) => task.done && asksVerification(text(task.opened.was.kind)))
  return form.kind === 'verification' && !answers ? { key: 'fault.task', params: {} } : null
}

const namesOf = (form: VisitForm): string[] => [...new Set(form.visitors.map((name) => name.trim()).filter(Boolean))]

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
      visitors: form.kind === 'investigation' ? namesOf(form) : [],
      changes: met && form.changed === true ? form.changes : [],
      needs: met ? form.needs : [],
      conclusion: form.conclusion,
      signature: signature?.id ?? null,
      place: form.place,
      task: mainTask(form),
    }),
    ...pictures.map((picture) => createOp(making, 'photos', picture.id, photoValues(picture, 'visits', form.visit, form.place))),
    ...edits(schema, making, form),
    ...form.tasks.filter((task) => task.done).map((task) => closeTask(schema, making, task.opened, form)),
  ]
  const ops = bodies.filter((body) => body !== null).map((body): NewOp => ({ body, household: form.household.id }))
  return { ops, photos: { ids: pictures.map((picture) => picture.id), owner: form.visit }, draft }
}

function edits(schema: Schema, making: Making, form: VisitForm): (OpBody | null)[] {
  const { household, members } = editsOf(form)
  const now: Values = { ...household }
  if (form.outcome === 'met') {
    now.needs = form.needs
    if (text(form.visitedOn) > text(form.household.was.last_visited)) now.last_visited = form.visitedOn
  }
  return [
    patchOp(making, schema, form.household, now),
    ...form.members.map((opened) => patchOp(making, schema, opened, members[opened.id] ?? {})),
  ]
}

/** The task that the visit names: the one it verifies, else any that it closes. */
function mainTask(form: VisitForm): string | null {
  const done = form.tasks.filter((task) => task.done)
  const verified = form.kind === 'verification' ? done.find((task) => asksVerification(text(task.opened.was.kind))) : undefined
  return (verified ?? done[0])?.opened.id ?? null
}

/** What was found is the answer to a verification; a plain visit's task needs none. */
function closeTask(schema: Schema, making: Making, opened: Opened, form: VisitForm): OpBody | null {
  const result: Values = asksVerification(text(opened.was.kind)) ? { result: form.conclusion } : {}
  return patchOp(making, schema, opened, { state: 'done', visit: form.visit, ...result })
}
