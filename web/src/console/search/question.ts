/**
 * What is looked for, as it stands in an address: `q` for words, `number` for an ID number
 * as the server blinds it, and the filters of the household list by the server's names.
 */
import type { LocationQuery } from 'vue-router'
import type { HouseholdQuestion } from '../api/types'

/** The server's own (register/households.go). A figure of a dashboard leads to its list by these. */
export const FILTERS = ['area', 'category', 'warnings', 'indicator', 'tasks', 'state', 'visited_before', 'item'] as const
export type Filter = (typeof FILTERS)[number]

/** `figure` and `of`: the households that a figure of the dashboard counts (figures/). */
export const ASKED = ['q', 'number', 'figure', 'of', ...FILTERS] as const

export function questionOf(query: LocationQuery): HouseholdQuestion {
  const question: HouseholdQuestion = {}
  for (const name of ASKED) {
    const value = query[name]
    if (typeof value === 'string' && value) question[name] = value
  }
  return question
}

/** The same question, whatever order its parts came in. */
export function sameQuestion(a: HouseholdQuestion, b: HouseholdQuestion): boolean {
  return ASKED.every((name) => (a[name] ?? '') === (b[name] ?? ''))
}

/** Whether somebody typed an ID number (公民身份号码): 18 places, or 15 of an old one. Whether it is right, the server says. */
export function isNumber(text: string): boolean {
  return /^(\d{15}|\d{17}[\dX])$/i.test(text.replace(/\s/g, ''))
}

/** An ID number that is not written to its end is looked for by nothing, and stands in no address. */
export function isPartOfNumber(text: string): boolean {
  return /^\d{13,17}$/.test(text.replace(/\s/g, '')) && !isNumber(text)
}
