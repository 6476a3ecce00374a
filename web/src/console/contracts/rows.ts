/** What is asked of a contract of purchased service and of each step of it. */
import type { Contract, ContractOptions, Values } from '../api/types'
import { staffChoices, type FormRow } from '../casework/form'

type Say = (key: string, values?: Values) => string

export function contractRows(say: Say): FormRow[] {
  const f = (key: string): string => say(`contracts.field.${key}`)
  return [
    { key: 'provider', label: f('provider'), kind: 'text', must: true, max: 80 },
    { key: 'credit_code', label: f('credit_code'), kind: 'text', must: true, max: 18 },
    { key: 'number', label: f('number'), kind: 'text', must: true, max: 40 },
    { key: 'area', label: f('area'), kind: 'place', digits: 9, must: true },
    { key: 'from', label: f('from'), kind: 'date', must: true },
    { key: 'to', label: f('to'), kind: 'date', must: true, hint: say('contracts.endHint') },
    { key: 'contact', label: f('contact'), kind: 'text', max: 40 },
    { key: 'phone', label: f('phone'), kind: 'text', max: 20 },
  ]
}

export function contractStepRows(contract: Contract, options: ContractOptions, account: string, say: Say): Readonly<Record<string, FormRow[]>> {
  const f = (key: string): string => say(`contracts.field.${key}`)
  const staffed = contract.staff.filter((each) => each.until === '')
  const free = options.social_workers.filter((each) => !staffed.some((one) => one.account === each.account))
  const who: FormRow = { key: 'account', label: f('account'), kind: 'choice', options: staffChoices(staffed), must: true }
  const served = (contract.homes ?? []).filter((home) => !account || home.account === account).map((home) => ({ value: home.household, label: home.head_name || home.household }))
  return {
    staff: [{ ...who, options: staffChoices(free), hint: free.length ? undefined : say('contracts.nobodyFree') }],
    release: [who],
    assign: [who, { key: 'households', label: f('households'), kind: 'households', must: true }],
    unassign: [who, { key: 'households', label: f('fewer'), kind: 'choices', options: served, must: true }],
    change: [{ key: 'to', label: f('newTo'), kind: 'date', must: true }],
  }
}
