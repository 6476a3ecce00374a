// Into the practice village and out of it. The parts are loaded when they are wanted.
import { making, now, state } from '../app'
import { close } from '../lock/open'
import { leavePractice } from '../lock/signin'
import { Store } from '@/store/store'
import type { Schema } from '@/sync/schema'
import { practiceDatabase, seedPractice } from './seed'

interface Words {
  name: string
  village: string
}

/** No real village: the code's last digits are no community's. */
const practiceRegion = '370281999999'

export async function openPractice(words: Words): Promise<void> {
  const { default: schema } = await import('./schema.json')
  const store = new Store({ name: practiceDatabase, now })
  await seedPractice(store, { now, newId: making.newId, schema: schema as unknown as Schema, region: practiceRegion })
  // It stands in place of what is real, which is locked. Nothing leads a sync on its store.
  await close()
  state.pull = await store.meta.pull()
  state.store = store
  state.account = { id: practiceDatabase, email: '', name: words.name, role: 'worker', scope: { areas: [practiceRegion] }, area_names: [words.village] }
  state.practice = true
  state.gate = 'open'
}

/** Ends it: what was written here is gone, what is real comes back as it was. */
export async function endPractice(): Promise<void> {
  const store = state.practice ? state.store : null
  await leavePractice()
  await store?.wipe()
}

export async function restartPractice(words: Words): Promise<void> {
  await endPractice()
  await openPractice(words)
}
