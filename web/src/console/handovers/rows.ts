/** What is asked when a household is offered to another county, and when one is taken in. */
import type { Handover, HandoverOptions, Values } from '../api/types'
import type { FormRow } from '../casework/form'

type Say = (key: string, values?: Values) => string

export function offerRows(options: HandoverOptions, say: Say): FormRow[] {
  const f = (key: string): string => say(`handovers.field.${key}`)
  return [
    { key: 'household', label: f('household'), kind: 'household', must: true, wide: true },
    { key: 'county', label: f('county'), kind: 'choice', options: options.counties, must: true, hint: say('handovers.countyHint') },
    { key: 'reason', label: f('reason'), kind: 'choice', options: options.reasons, must: true },
    { key: 'moved_on', label: f('moved_on'), kind: 'date', must: true },
    { key: 'address', label: f('address'), kind: 'text', max: 120, hint: say('handovers.addressHint') },
    { key: 'consent_by', label: f('consent_by'), kind: 'text', max: 40, must: true, hint: say('handovers.consentHint') },
    { key: 'consent_on', label: f('consent_on'), kind: 'date', must: true },
    { key: 'note', label: f('note'), kind: 'long', max: 500, hint: say('handovers.noteHint') },
  ]
}

/** By act. A household of which somebody is in the register already can be joined to that one. */
export function stepRows(handover: Handover, say: Say): Readonly<Record<string, FormRow[]>> {
  const f = (key: string): string => say(`handovers.field.${key}`)
  const alike = (handover.alike ?? []).map((each) => ({ value: each.household, label: say('handovers.intoOne', { name: each.head_name, place: each.region_name }) }))
  const apart = (values: Values): boolean => !values.into
  const talked: FormRow[] = [
    { key: 'with', label: f('with'), kind: 'text', max: 80, must: true, hint: say('handovers.withHint') },
    { key: 'talked_on', label: f('talked_on'), kind: 'date', must: true },
  ]
  const reason: FormRow = { key: 'reason', label: f('settled'), kind: 'long', max: 500, hint: say('handovers.settledHint') }
  const closes = (): boolean => handover.here !== '' && handover.here !== 'closed'
  return {
    keep: [...talked, reason],
    yield: [
      ...talked,
      { key: 'ends', label: f('ends'), kind: 'date', must: true, when: closes, hint: say('handovers.endsHint') },
      { key: 'home', label: f('home'), kind: 'choice', options: ['stay', 'close'].map((value) => ({ value, label: say(`handovers.home.${value}`) })), must: true, wide: true, when: () => closes() && handover.joined === true },
      reason,
    ],
    accept: [
      { key: 'into', label: f('into'), kind: 'choice', options: alike, wide: true, when: () => alike.length > 0, hint: say('handovers.intoHint') },
      { key: 'region', label: f('region'), kind: 'place', digits: 12, must: true, when: apart },
      { key: 'address', label: f('homeAddress'), kind: 'text', max: 120, when: apart },
      { key: 'begins', label: f('begins'), kind: 'date', must: true, hint: say('handovers.beginsHint') },
      { key: 'goes_on', label: f('goes_on'), kind: 'flag' },
      { key: 'despite', label: f('despite'), kind: 'flag', when: (values) => alike.length > 0 && apart(values) },
    ],
  }
}

/** What a form begins with. */
export function initialOf(act: string, handover: Handover, today: string): Values {
  if (act === 'accept') return { begins: nextMonth(today), goes_on: true, address: handover.address ?? '' }
  return act === 'yield' || act === 'keep' ? { talked_on: today, ends: monthEnd(today) } : {}
}

/** The first of the next month: aid is given by months. */
export function nextMonth(day: string): string {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`
}

/** The last of this month: aid that was given for it has been given. */
export function monthEnd(day: string): string {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return `${day.slice(0, 7)}-${new Date(Date.UTC(year, month, 0)).getUTCDate()}`
}

/** In which queue one is found, after somebody did something with it. */
export const holdsHandover = (queue: string, item: Handover): boolean => (queue === 'closed' ? item.closed_on !== '' : item.closed_on === '' && item.side === queue)
