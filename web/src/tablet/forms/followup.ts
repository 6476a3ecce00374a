// A social worker's follow-up: what for, what was done, what came of it, when next.
import { createOp, type Making } from '@/sync/compose'
import type { Commit, Store } from '@/store/store'
import type { Entry } from '@/store/records'
import { text } from '../data/words'
import { photoValues, type PictureRef } from './picture'
import { dayFault, type Fault } from './validate'

export interface FollowupForm {
  record: string
  household: string
  servedOn: string | null
  service: string
  goal: string
  result: string
  nextOn: string | null
  photos: PictureRef[]
}

/** When a follow-up was: older ones hold no day of their own, only when they arrived. */
export const dayServed = ({ record }: Entry): string => text(record.served_on) || text(record.created).slice(0, 10)

export function latestFollowup(followups: readonly Entry[]): Entry | undefined {
  return [...followups].sort((a, b) => dayServed(b).localeCompare(dayServed(a)) || b.id.localeCompare(a.id))[0]
}

/** The goal goes on until somebody sets another: it is not typed again. */
export async function freshFollowup(store: Store, making: Making, household: string, today: string): Promise<FollowupForm> {
  const last = latestFollowup(await store.records.of('followups', household))?.record
  return {
    ...{ record: making.newId(), household, servedOn: today, service: text(last?.service), goal: text(last?.goal) },
    ...{ result: '', nextOn: null, photos: [] },
  }
}

export function followupFaults(form: FollowupForm, today: string): Record<string, Fault> | null {
  const out: Record<string, Fault> = {}
  if (form.service === '') out.service = { key: 'fault.service', params: {} }
  const served = dayFault(form.servedOn, today)
  if (served) out.served_on = served
  if (form.nextOn !== null && form.nextOn <= text(form.servedOn)) out.next_on = { key: 'fault.next_on', params: {} }
  return Object.keys(out).length > 0 ? out : null
}

export function followupCommit(making: Making, form: FollowupForm, draft: string): Commit {
  const { record, household, photos } = form
  const made = createOp(making, 'followups', record, {
    ...{ household, served_on: form.servedOn, service: form.service },
    ...{ goal: form.goal, result: form.result, next_on: form.nextOn },
  })
  const pictures = photos.map((photo) => createOp(making, 'photos', photo.id, photoValues(photo, 'followups', record, null)))
  const ops = [made, ...pictures].map((body) => ({ body, household }))
  return { ops, photos: { ids: photos.map((photo) => photo.id), owner: record }, draft }
}
