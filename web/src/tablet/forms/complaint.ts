// 投诉建议: what the form holds, what it lacks, and the one commit it becomes.
import { createOp, type Making } from '@/sync/compose'
import type { Commit } from '@/store/store'
import { photoValues, type PictureRef } from './picture'

export interface ComplaintForm {
  complaint: string
  /** "" where it concerns no household. */
  household: string
  kind: string | null
  voice: string
  text: string
  answerWished: string
  contact: string
  saidOn: string
  photos: PictureRef[]
}

export const freshComplaint = (making: Making, household: string, today: string): ComplaintForm => ({
  complaint: making.newId(),
  household,
  kind: null,
  voice: 'resident',
  text: '',
  answerWished: 'yes',
  contact: '',
  saidOn: today,
  photos: [],
})

export interface ComplaintFaults {
  kind?: string
  text?: string
}

export function complaintFaults(form: ComplaintForm): ComplaintFaults | null {
  const faults: ComplaintFaults = {}
  if (form.kind === null) faults.kind = 'complaint.fault_kind'
  if (form.text.trim() === '') faults.text = 'complaint.fault_text'
  return Object.keys(faults).length === 0 ? null : faults
}

/** Complaint and pictures as ops of one commit. */
export function complaintCommit(making: Making, form: ComplaintForm, draft: string): Commit {
  const wished = form.answerWished === 'yes'
  const bodies = [
    createOp(making, 'complaints', form.complaint, {
      household: form.household || null,
      kind: form.kind,
      voice: form.voice,
      text: form.text,
      answer_wished: wished,
      contact: wished ? form.contact : null,
      said_on: form.saidOn,
    }),
    ...form.photos.map((picture) => createOp(making, 'photos', picture.id, photoValues(picture, 'complaints', form.complaint, null))),
  ]
  return {
    ops: bodies.map((body) => ({ body, household: form.household })),
    photos: { ids: form.photos.map((picture) => picture.id), owner: form.complaint },
    draft,
  }
}
