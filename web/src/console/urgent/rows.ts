/** What is asked when help was given first, and when its papers come, made of the server's tables. */
import type { Choice, UrgentAid, UrgentOptions, Values } from '../api/types'
import type { FormRow } from '../casework/form'

type Say = (key: string, values?: Values) => string

export function newUrgentRows(options: UrgentOptions, items: readonly Choice[], say: Say): FormRow[] {
  const f = (key: string): string => say(`urgent.field.${key}`)
  const unknown = (values: Values): boolean => !values.household
  return [
    { key: 'household', label: f('household'), kind: 'household', hint: say('urgent.householdHint') },
    { key: 'region', label: f('region'), kind: 'place', digits: 12, must: true, when: unknown, hint: say('urgent.regionHint') },
    { key: 'about.name', label: f('aboutName'), kind: 'text', must: true, max: 40, when: unknown },
    { key: 'about.id_number', label: f('aboutNumber'), kind: 'text', max: 24, when: unknown, hint: say('urgent.numberHint') },
    { key: 'about.phone', label: f('aboutPhone'), kind: 'text', max: 20, when: unknown },
    { key: 'about.address', label: f('aboutAddress'), kind: 'text', max: 120, when: unknown },
    { key: 'emergency', label: f('emergency'), kind: 'choice', options: options.emergencies, must: true },
    { key: 'item', label: f('item'), kind: 'choice', options: items, must: true },
    { key: 'amount', label: f('amount'), kind: 'number', must: true, hint: say('urgent.limit', { amount: options.town_limit }) },
    { key: 'given_on', label: f('given_on'), kind: 'date', hint: say('urgent.today') },
    { key: 'text', label: f('text'), kind: 'long', must: true, hint: say('urgent.textHint') },
    { key: 'missing', label: f('missing'), kind: 'choices', options: options.papers, must: true },
    { key: 'distinct', label: f('distinct'), kind: 'flag', when: (values, refused) => unknown(values) && refused.has('household') },
    { key: 'again', label: f('again'), kind: 'flag', when: (_, refused) => refused.has('again') },
  ]
}

export const urgentStepRows = (aid: UrgentAid, options: UrgentOptions, say: Say): Readonly<Record<string, FormRow[]>> => ({
  file: [{ key: 'papers', label: say('urgent.field.papers'), kind: 'choices', must: true, options: options.papers.filter((paper) => aid.missing.includes(paper.value)) }],
})
