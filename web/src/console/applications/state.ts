/** How the state of an application, and the outcome of a step of its test, are coloured. */
const STATES: Readonly<Record<string, string>> = {
  submitted: 'chip-orange', accepted: 'chip-blue', investigating: 'chip-blue', publicity: 'chip-yellow', approved: 'chip-green', refused: 'chip-red',
}
export const stateChip = (state: string): string => STATES[state] ?? ''

const OUTCOMES: Readonly<Record<string, string>> = { yes: 'chip-green', no: '', unknown: 'chip-orange', not_tested: '' }
export const outcomeChip = (outcome: string): string => OUTCOMES[outcome] ?? ''
