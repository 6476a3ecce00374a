/** What is asked of offers and needs (慈善救急难), made of the server's tables. */
import type { CharityNeed, CharityOffer, CharityOptions, Choice, Values } from '../api/types'
import type { FormRow } from '../casework/form'

type Say = (key: string, values?: Values) => string

function termRows(options: CharityOptions, say: Say, prefix: string): FormRow[] {
  const f = (key: string): string => say(`charity.field.${key}`)
  return [
    { key: `${prefix}giver`, label: f('giver'), kind: 'text', must: true, max: 80 },
    { key: `${prefix}title`, label: f('title'), kind: 'text', must: true, max: 80 },
    { key: `${prefix}credit_code`, label: f('credit_code'), kind: 'text', max: 18, hint: say('charity.codeHint') },
    { key: `${prefix}contact`, label: f('contact'), kind: 'text', max: 40 },
    { key: `${prefix}phone`, label: f('phone'), kind: 'text', max: 20 },
    { key: `${prefix}needs`, label: f('needs'), kind: 'choices', options: options.needs, must: true },
    { key: `${prefix}audiences`, label: f('audiences'), kind: 'choices', options: options.audiences, hint: say('charity.anybody') },
    { key: `${prefix}categories`, label: f('categories'), kind: 'choices', options: options.categories, hint: say('charity.anyCategory') },
    { key: `${prefix}cases`, label: f('cases'), kind: 'number', must: true },
    { key: `${prefix}amount`, label: f('amount'), kind: 'number', hint: say('charity.amountHint') },
    { key: `${prefix}from`, label: f('from'), kind: 'date', must: true },
    { key: `${prefix}to`, label: f('to'), kind: 'date', hint: say('charity.noEnd') },
    { key: `${prefix}text`, label: f('offerText'), kind: 'long' },
  ]
}

export const newOfferRows = (options: CharityOptions, say: Say): FormRow[] => [
  { key: 'area', label: say('charity.field.area'), kind: 'place', digits: 9, must: true }, ...termRows(options, say, ''),
]
export const changeOfferRows = (options: CharityOptions, say: Say): FormRow[] => termRows(options, say, 'terms.')
export const termsOf = (offer: CharityOffer): Values => Object.fromEntries(
  (['giver', 'title', 'credit_code', 'contact', 'phone', 'needs', 'audiences', 'categories', 'cases', 'amount', 'from', 'to', 'text'] as const).map((key) => [`terms.${key}`, offer[key]]))

export function newNeedRows(options: CharityOptions, say: Say): FormRow[] {
  const f = (key: string): string => say(`charity.field.${key}`)
  return [
    { key: 'household', label: f('household'), kind: 'household', must: true, hint: say('charity.lowIncome') },
    { key: 'need', label: f('need'), kind: 'choice', options: options.needs, must: true },
    { key: 'text', label: f('text'), kind: 'long', must: true, hint: say('charity.textHint') },
    { key: 'consent', label: f('consent'), kind: 'flag', must: true },
  ]
}

export function needStepRows(need: CharityNeed, offers: readonly Choice[], say: Say): Readonly<Record<string, FormRow[]>> {
  const f = (key: string): string => say(`charity.field.${key}`)
  return {
    propose: [{ key: 'offer', label: f('offer'), kind: 'choice', options: offers, must: true, wide: true, hint: offers.length ? undefined : say('charity.noFit') }],
    accept: [{ key: 'giver', label: f('giverAgrees'), kind: 'flag', must: true }, { key: 'family', label: f('familyAgrees'), kind: 'flag', must: true }],
    deliver: [
      { key: 'amount', label: f('delivered'), kind: 'number', hint: say('charity.goodsHint') },
      { key: 'given_on', label: f('given_on'), kind: 'date', hint: say('charity.today') },
      { key: 'seen', label: f('seen'), kind: 'flag', must: (need.duplicates?.length ?? 0) > 0, when: (_, refused) => refused.has('seen') || (need.duplicates?.length ?? 0) > 0 },
    ],
  }
}
