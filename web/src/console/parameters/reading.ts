/** A parameter in words, and what a change of it would mean. */
import type { Parameter, ParameterSetting, ParameterValue } from '../api/types'
import type { Say } from '../schema/format'

export function valueText(parameter: Parameter, value: ParameterValue, say: Say): string {
  if (parameter.kind === 'level') return say(`level.${value}`)
  if (parameter.kind === 'switch') return say(value ? 'parameters.on' : 'parameters.off')
  return parameter.unit ? say('parameters.withUnit', { n: String(value), unit: parameter.unit }) : String(value)
}

/** What was decided and is not in force yet, the next day first. */
export const coming = (parameter: Parameter, today: string): ParameterSetting[] =>
  parameter.history.filter((each) => each.from > today).sort((a, b) => a.from.localeCompare(b.from))

/** Why a number cannot be set; '' where it can. */
export function wrongNumber(parameter: Parameter, text: string, say: Say): string {
  const n = Number(text)
  if (text.trim() === '' || !Number.isFinite(n)) return say('parameters.noNumber')
  return n < parameter.low || n > parameter.high ? say('parameters.outside', { low: parameter.low, high: parameter.high }) : ''
}

/** Found by anything that is said of it. */
export function matches(parameter: Parameter, wanted: string): boolean {
  const text = `${parameter.label} ${parameter.group} ${parameter.area_label} ${parameter.clause} ${parameter.key}`.toLowerCase()
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}

/** In the address: areas have keys of the same name. */
export const idOf = (parameter: Parameter): string => `${parameter.area}:${parameter.key}`
