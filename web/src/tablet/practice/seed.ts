// The practice village: invented households, made on the device from a small table
// of days ago and ages, put into a store of its own. No sync ever opens that store.
import type { Schema } from '@/sync/schema'
import type { Store } from '@/store/store'
import type { Change, Values } from '@/sync/wire'
import { freshPull } from '@/store/meta'
import village from './village.json'

export const practiceDatabase = 'doorstep-practice'

export interface Seeding {
  now: () => number
  newId: () => string
  schema: Schema
  region: string
}

/** A record of the table: fields as they are, and days that count from today. */
type Template = Record<string, unknown>
interface House {
  household: Template
  members: Template[]
  [type: string]: Template | Template[]
}

const dayMillis = 86_400_000
/** Names in the table that are worked out: days ago, days ahead, an age in years. */
const ago = '_ago'
const ahead = '_ahead'

/** Fills an empty practice store. Done before: it goes on where it was left. */
export async function seedPractice(store: Store, seeding: Seeding): Promise<void> {
  const pull = await store.meta.pull()
  if (pull.complete) return
  await store.meta.set('schema', seeding.schema)
  const changes = (village.houses as unknown as House[]).flatMap((house) => changesOf(house, seeding))
  // A device that no server minted: edits get their numbers, and nobody would take them.
  await store.adoptDevice({ device: practiceDatabase, epoch: practiceDatabase, next_n: 1, server_time: new Date(seeding.now()).toISOString() })
  await store.meta.set('pull', freshPull)
  const begun = await store.beginChain()
  const all = { epoch: practiceDatabase, cursor: practiceDatabase, more: false, changes, results: [], durable_seq: 0, server_time: new Date(seeding.now()).toISOString(), total: changes.length }
  await store.applyPage(await store.sealPage(all, begun.generation), begun)
}

function changesOf(house: House, seeding: Seeding): Change[] {
  const home = seeding.newId()
  const changes: Change[] = [put('households', home, { ...house.household, region: seeding.region }, seeding)]
  const people = new Map<string, string>()
  for (const member of house.members) {
    const id = seeding.newId()
    people.set(String(member.name), id)
    changes.push(put('members', id, { ...member, household: home }, seeding))
  }
  for (const [type, records] of Object.entries(house)) {
    if (type === 'household' || type === 'members' || !Array.isArray(records)) continue
    for (const record of records) {
      const member = typeof record.member === 'string' ? people.get(record.member) : undefined
      changes.push(put(type, seeding.newId(), { ...record, ...(member && { member }), household: home }, seeding))
    }
  }
  return changes
}

function put(type: string, id: string, template: Template, { now }: Seeding): Change {
  const record: Values = { id }
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith(ago)) record[name.slice(0, -ago.length)] = dayFrom(now(), -Number(value))
    else if (name.endsWith(ahead)) record[name.slice(0, -ahead.length)] = dayFrom(now(), Number(value))
    else if (name === 'age') record.birth_date = bornAt(now(), Number(value))
    else record[name] = value as Values[string]
  }
  delete record.age
  if (type !== 'households') delete record.region
  else delete record.household
  return { seq: 1, type, id, kind: 'put', rev: 1, record }
}

const iso = (millis: number): string => new Date(millis).toISOString().slice(0, 10)
const dayFrom = (now: number, days: number): string => iso(now + days * dayMillis)
/** Somebody whose birthday was half a year ago: an age that does not turn while one practises. */
const bornAt = (now: number, age: number): string => {
  const day = iso(now - 180 * dayMillis)
  return `${Number(day.slice(0, 4)) - age}${day.slice(4)}`
}
