/** What is asked when a lead is taken down, and at each step of it, made of the server's tables. */
import type { FormRow } from '../casework/form'
import type { Lead, LeadOptions } from '../api/types'

type Say = (key: string) => string

export function newLeadRows(options: LeadOptions, say: Say): FormRow[] {
  const f = (key: string): string => say(`leads.field.${key}`)
  const unknown = (values: Record<string, unknown>): boolean => !values.household
  return [
    { key: 'channel', label: f('channel'), kind: 'choice', options: options.channels, must: true },
    { key: 'urgency', label: f('urgency'), kind: 'choice', options: options.urgencies, must: true },
    { key: 'number', label: f('number'), kind: 'text', max: 40 },
    { key: 'received_on', label: f('received_on'), kind: 'date', hint: say('leads.today') },
    { key: 'text', label: f('text'), kind: 'long', must: true, hint: say('leads.textHint') },
    { key: 'household', label: f('household'), kind: 'household', hint: say('leads.householdHint') },
    { key: 'about.name', label: f('aboutName'), kind: 'text', max: 40, when: unknown },
    { key: 'about.region', label: f('aboutRegion'), kind: 'place', must: true, when: unknown },
    { key: 'about.address', label: f('aboutAddress'), kind: 'text', max: 120, when: unknown },
    { key: 'about.phone', label: f('aboutPhone'), kind: 'text', max: 20, when: unknown },
    { key: 'about.id_number', label: f('aboutNumber'), kind: 'text', max: 24, when: unknown },
    { key: 'reporter.name', label: f('reporterName'), kind: 'text', max: 40 },
    { key: 'reporter.phone', label: f('reporterPhone'), kind: 'text', max: 20, hint: say('leads.reporterHint') },
  ]
}

export function leadStepRows(lead: Lead, options: LeadOptions, say: Say): Readonly<Record<string, FormRow[]>> {
  const f = (key: string): string => say(`leads.field.${key}`)
  const nobody = (values: Record<string, unknown>): boolean => !lead.household && !values.household
  return {
    dispatch: [
      { key: 'household', label: f('pickHousehold'), kind: 'household', when: () => !lead.household, hint: say('leads.dispatchHint') },
      { key: 'name', label: f('aboutName'), kind: 'text', must: true, max: 40, when: (values) => nobody(values) && !lead.about.name },
      { key: 'region', label: f('aboutRegion'), kind: 'place', digits: 12, must: true, when: (values) => nobody(values) && lead.about.region.length < 12 },
      { key: 'distinct', label: f('distinct'), kind: 'flag', when: (values, refused) => nobody(values) && (refused.has('household') || (lead.look_alikes?.length ?? 0) > 0) },
      { key: 'due_on', label: f('verifyBy'), kind: 'date', hint: say('leads.dueHint') },
      { key: 'reason', label: f('note'), kind: 'long', max: 500 },
    ],
    answer: [
      { key: 'conclusion', label: f('conclusion'), kind: 'choice', options: options.conclusions, must: true },
      { key: 'reply', label: f('reply'), kind: 'choice', options: options.replies, must: true },
      { key: 'text', label: f('answer'), kind: 'long', must: true },
      { key: 'reason', label: f('replyNone'), kind: 'text', max: 500, when: (values) => values.reply === 'none' },
    ],
  }
}
