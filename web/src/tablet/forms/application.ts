// Help to apply: one application, one collection of data for all categories (policy
// 二(二)); the declared figures go into the register by the same commit, for review.
import { createOp, patchOp, type Making, type Opened } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { NewOp } from '@/store/outbox'
import type { Commit, Store } from '@/store/store'
import type { Values } from '@/sync/wire'
import { readHousehold } from '../data/household'
import { text } from '../data/words'
import { photoValues, type PictureRef } from './picture'
import { dayFault, faultsOf, type Fault } from './validate'

export interface ApplicationForm {
  record: string
  household: Opened
  householdNow: Values
  applicant: string
  appliedOn: string | null
  way: string
  /** Somebody else signs for the applicant. */
  byProxy: boolean
  proxy: string
  proxyRelation: string
  reason: string
  consents: string[]
  applicantSignature: PictureRef | null
  proxySignature: PictureRef | null
  photos: PictureRef[]
}

/** What an applicant declares, once for every category. */
export const declaredFields = ['monthly_income', 'medical_cost_12m', 'rigid_cost_12m', 'housing_kind', 'property', 'cause'] as const

/** Without these no application is taken; agreeing to the order of categories is free. */
const needed = ['honesty_1', 'verification_1']
export const isNeeded = (consent: string): boolean => needed.includes(consent)

/** Words beside the signatures: the caller's, for no text stands here. */
export interface SignatureCaptions {
  applicant: string
  proxy: string
}

export async function freshApplication(store: Store, making: Making, household: string, today: string): Promise<ApplicationForm> {
  const page = await readHousehold(store, household)
  if (page === null) throw new Error(`application: no household ${household}`)
  const { type, id, rev, record } = page.household
  const head = page.members.find((member) => member.record.alive !== false)
  return {
    ...{ record: making.newId(), household: { type, id, rev, was: record }, householdNow: {} },
    ...{ applicant: head?.id ?? '', appliedOn: today, way: 'assisted', byProxy: false, proxy: '', proxyRelation: '', reason: '' },
    ...{ consents: [], applicantSignature: null, proxySignature: null, photos: [] },
  }
}

export function applicationFaults(schema: Schema, form: ApplicationForm, today: string): Record<string, Fault> | null {
  const say = (key: string): Fault => ({ key: `fault.${key}`, params: {} })
  const out: Record<string, Fault> = faultsOf(schema.types.households?.fields ?? {}, form.householdNow)
  if (form.applicant === '') out.applicant = say('applicant')
  const day = dayFault(form.appliedOn, today)
  if (day) out.applied_on = day
  if (form.reason.trim() === '') out.reason = say('reason')
  if (form.byProxy && form.proxy.trim() === '') out.proxy = say('proxy')
  for (const consent of needed) if (!form.consents.includes(consent)) out[consent] = say('consent')
  if (form.byProxy ? form.proxySignature === null : form.applicantSignature === null) out.signature = say('signature')
  return Object.keys(out).length > 0 ? out : null
}

export function applicationCommit(schema: Schema, making: Making, form: ApplicationForm, captions: SignatureCaptions, draft: string): Commit {
  const { record, household } = form
  const proxySigned = form.byProxy ? form.proxySignature : null
  const signed = [
    { picture: form.applicantSignature, caption: captions.applicant },
    { picture: proxySigned, caption: captions.proxy },
  ].flatMap(({ picture, caption }) => (picture === null ? [] : [{ picture, caption }]))
  const pictures = [...signed, ...form.photos.map((picture) => ({ picture, caption: '' }))]
  const bodies = [
    createOp(making, 'applications', record, {
      ...{ household: household.id, applicant: form.applicant, applied_on: form.appliedOn, way: form.way, reason: form.reason },
      ...(form.byProxy ? { proxy: form.proxy, proxy_relation: form.proxyRelation } : {}),
      ...{ consents: form.consents, signatures: signed.map(({ picture }) => picture.id) },
    }),
    ...pictures.map(({ picture, caption }) => createOp(making, 'photos', picture.id, { ...photoValues(picture, 'applications', record, null), caption })),
    patchOp(making, schema, household, form.householdNow),
  ]
  const ops = bodies.filter((body) => body !== null).map((body): NewOp => ({ body, household: household.id }))
  return { ops, photos: { ids: pictures.map(({ picture }) => picture.id), owner: record }, draft }
}

export const declared = (form: ApplicationForm, name: string): Values[string] =>
  (name in form.householdNow ? form.householdNow[name] : form.household.was[name]) ?? null

export const applicantName = (members: readonly { id: string; record: Values }[], id: string): string =>
  text(members.find((member) => member.id === id)?.record.name)
