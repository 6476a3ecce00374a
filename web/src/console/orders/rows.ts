/** What is asked of an order of visits, and the body that it makes. */
import type { OrderOptions, Values } from '../api/types'
import { staffChoices, type FormRow } from '../casework/form'

type Say = (key: string, values?: Values) => string

/** To all of a range, or to households that somebody chose from the order of need. */
export const WAYS = ['range', 'chosen'] as const
const chooses = (values: Values): boolean => values.way === 'chosen'

export function orderRows(options: OrderOptions, say: Say): FormRow[] {
  const f = (key: string): string => say(`orders.field.${key}`)
  const range = (values: Values): boolean => !chooses(values)
  return [
    { key: 'title', label: f('title'), kind: 'text', must: true, max: 120, hint: say('orders.titleHint') },
    { key: 'task_kind', label: f('task_kind'), kind: 'choice', options: options.kinds, must: true },
    { key: 'due_on', label: f('due_on'), kind: 'date', must: true },
    { key: 'note', label: f('note'), kind: 'long', max: 2000, hint: say('orders.noteHint') },
    { key: 'way', label: f('way'), kind: 'choice', options: WAYS.map((value) => ({ value, label: say(`orders.way.${value}`) })), must: true },
    { key: 'area', label: f('area'), kind: 'place', when: range },
    { key: 'categories', label: f('categories'), kind: 'choices', options: options.categories, when: range, hint: say('orders.anyCategory') },
    { key: 'not_since', label: f('not_since'), kind: 'date', when: range, hint: say('orders.sinceHint') },
    { key: 'village', label: f('village'), kind: 'place', digits: 12, must: true, when: chooses },
    { key: 'account', label: f('account'), kind: 'choice', options: staffChoices(options.social_workers), hint: say('orders.accountHint'), wide: true, when: () => options.social_workers.length > 0 },
  ]
}

export function orderBody(values: Values, chosen: readonly string[]): Values {
  const { title, task_kind, due_on, note, area, categories, not_since, account } = values
  const to = chooses(values) ? { households: chosen, account } : { areas: area ? [area] : [], categories, not_since, account }
  return { title, task_kind, due_on, note: note ?? '', to: Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined && value !== '')) }
}
