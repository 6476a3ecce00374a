// The status change form: a report, not an edit of the register. It raises its
// warning at the server; the register changes when the town accepts it.
import { createOp, type Making } from '@/sync/compose'
import type { Commit } from '@/store/store'
import { photoValues, type PictureRef } from './picture'
import { wholeHousehold, withAmount } from './changes'
import { dayFault, type Fault } from './validate'

export interface StatusForm {
  record: string
  household: string
  kind: string
  member: string
  happenedOn: string | null
  amount: number | null
  detail: string
  photos: PictureRef[]
}

export const freshStatus = (making: Making, household: string, today: string, kind: string, member = ''): StatusForm => ({
  ...{ record: making.newId(), household, kind, member, happenedOn: today, amount: null, detail: '', photos: [] },
})

export function statusFaults(form: StatusForm, today: string): Record<string, Fault> {
  const out: Record<string, Fault> = {}
  if (form.kind === '') out.kind = { key: 'fault.kind', params: {} }
  else if (form.member === '' && !wholeHousehold.has(form.kind)) out.member = { key: 'fault.member', params: {} }
  const day = dayFault(form.happenedOn, today)
  if (day) out.happened_on = day
  if (form.amount !== null && (!Number.isFinite(form.amount) || form.amount < 0)) out.amount = { key: 'fault.number', params: {} }
  return out
}

export function statusCommit(making: Making, form: StatusForm, draft: string): Commit {
  const { record, household, photos } = form
  const report = createOp(making, 'status_changes', record, {
    household,
    member: form.member,
    kind: form.kind,
    happened_on: form.happenedOn,
    amount: withAmount.has(form.kind) ? form.amount : null,
    detail: form.detail,
    evidence: photos.map((photo) => photo.id),
  })
  const pictures = photos.map((photo) => createOp(making, 'photos', photo.id, photoValues(photo, 'status_changes', record, null)))
  const ops = [report, ...pictures].map((body) => ({ body, household }))
  return { ops, photos: { ids: photos.map((photo) => photo.id), owner: record }, draft }
}
