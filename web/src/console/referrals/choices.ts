/** What a form may ask of which department, from the server's table of purposes. */
import type { ReferralChoice, ReferralOptions } from '../api/types'

/** The departments that may be asked for this: of a delivery, those that give the item. */
export function departmentsOf(options: ReferralOptions, kind: string, item: string): string[] {
  const fitting = options.choices.filter((choice) => choice.kind === kind && choice.item === item)
  return [...new Set(fitting.flatMap((choice) => choice.departments))]
}

/** The items that some department delivers, each once. */
export const itemsOf = (options: ReferralOptions): string[] =>
  [...new Set(options.choices.filter((choice) => choice.kind === 'deliver').map((choice) => choice.item))]

/** The row that a department will see the columns of; undefined where it may not be asked. */
export function choiceOf(options: ReferralOptions, kind: string, item: string, department: string): ReferralChoice | undefined {
  return options.choices.find((choice) => choice.kind === kind && choice.item === item && choice.departments.includes(department))
}
