// What to ask at the door today, derived from what is known: open warnings, items to
// verify, what was needed last time, facts that grew old, the season. A table of
// questions, each with the facts that raise it; the words are the i18n file's. Pure.
import type { Entry } from '@/store/records'
import type { HouseholdPage } from './household'
import { ageOn, daysBetween, list, text } from './words'

export interface Ask {
  /** Key under `household.ask`. */
  key: string
  params: Record<string, string | number>
  tone: 'red' | 'orange' | 'plain'
}

/** Labels of options, from the schema. */
export type Label = (type: string, field: string, value: unknown) => string

interface Facts {
  page: HouseholdPage
  today: string
  label: Label
  living: Entry[]
  name: (id: unknown) => string
  lastMet: Entry | undefined
}

/** A figure that nobody looked at for a year is asked about again. */
export const staleDays = 365
const schoolMonths = new Set(['02', '03', '08', '09', '10'])
const winterMonths = new Set(['11', '12', '01', '02'])

const questions: readonly ((facts: Facts) => Ask[])[] = [warnings, toVerify, needsOfLastVisit, selfCare, illness, school, staleIncome, winter]

export function asksOf(page: HouseholdPage, today: string, label: Label): Ask[] {
  const names = new Map(page.members.map((member) => [member.id, text(member.record.name)]))
  const facts: Facts = {
    page,
    today,
    label,
    living: page.members.filter((member) => member.record.alive !== false),
    name: (id) => names.get(String(id ?? '')) ?? '',
    lastMet: page.visits.find((visit) => visit.record.outcome === 'met'),
  }
  const seen = new Set<string>()
  return questions
    .flatMap((question) => question(facts))
    .filter((ask) => {
      const same = `${ask.key} ${ask.params.what ?? ''} ${ask.params.name ?? ''}`
      return !seen.has(same) && seen.add(same)
    })
}

function warnings({ page, name }: Facts): Ask[] {
  return page.warnings.map(({ record }) => ({
    key: 'warning',
    params: { what: text(record.title), name: name(record.member) },
    tone: record.level === 'red' ? 'red' : 'orange',
  }))
}

/** The questions of items to verify, each once for each person. */
function toVerify({ page, name, label }: Facts): Ask[] {
  return page.entitlements
    .filter(({ record }) => record.state === 'to_verify')
    .flatMap(({ record }) => {
      const asked = list(record.questions)
      const item = label('entitlements', 'item', record.item)
      return (asked.length === 0 ? [''] : asked).map((what): Ask => ({
        key: what === '' ? 'item' : 'verify',
        params: { what: what || item, name: name(record.member), item },
        tone: 'plain',
      }))
    })
}

function needsOfLastVisit({ lastMet, label }: Facts): Ask[] {
  const needs = list(lastMet?.record.needs)
  if (needs.length === 0) return []
  return [{ key: 'needs', params: { what: needs.map((need) => label('visits', 'needs', need)).join('、'), name: '' }, tone: 'orange' }]
}

function selfCare({ living, label }: Facts): Ask[] {
  return living
    .filter(({ record }) => list(record.self_care_failed).length > 0)
    .map(({ record }) => ({
      key: 'care',
      params: { name: text(record.name), what: list(record.self_care_failed).map((item) => label('members', 'self_care_failed', item)).join('、') },
      tone: 'plain',
    }))
}

function illness({ living }: Facts): Ask[] {
  return living
    .filter(({ record }) => record.health === 'serious')
    .map(({ record }) => ({ key: 'illness', params: { name: text(record.name), what: text(record.illness) }, tone: 'plain' }))
}

/** At the beginning of a term: who is at school, and who has come to the age. */
function school({ living, today }: Facts): Ask[] {
  if (!schoolMonths.has(today.slice(5, 7))) return []
  return living
    .filter(({ record }) => {
      const age = ageOn(record.birth_date, today)
      const attends = text(record.school_stage) !== '' && record.school_stage !== 'none'
      return attends || (age !== null && age >= 3 && age <= 18)
    })
    .map(({ record }) => ({ key: 'school', params: { name: text(record.name), what: '' }, tone: 'plain' }))
}

/** Income was looked at when a visit changed it, or when a category was determined. */
function staleIncome({ page, today }: Facts): Ask[] {
  const looked = [
    ...page.visits.filter(({ record }) => list(record.changes).includes('income')).map(({ record }) => text(record.visited_on)),
    ...page.categories.map(({ record }) => text(record.from)),
  ].filter((day) => day !== '' && day <= today)
  const last = looked.sort().at(-1)
  if (last !== undefined && daysBetween(last, today) <= staleDays) return []
  return [{ key: last === undefined ? 'income_never' : 'income', params: { what: last === undefined ? '' : String(Math.floor(daysBetween(last, today) / 365)), name: '' }, tone: 'plain' }]
}

function winter({ page, living, today }: Facts): Ask[] {
  const old = living.some(({ record }) => (ageOn(record.birth_date, today) ?? 0) >= 60)
  if (!winterMonths.has(today.slice(5, 7)) || !old || page.household.record.urban === true) return []
  return [{ key: 'winter', params: { what: '', name: '' }, tone: 'plain' }]
}
