/** Two answers of the ordered test beside each other: which steps come out otherwise. Pure. */
import type { TestResult, TestStep } from '../api/types'

export interface Differing {
  code: string
  title: string
  left?: TestStep
  right?: TestStep
}

/** The steps in the order of the second answer, then what only the first has; those of one outcome and one reason are left out. */
export function differing(left: TestResult, right: TestResult): Differing[] {
  const before = new Map(left.steps.map((step) => [step.code, step]))
  const after = new Set(right.steps.map((step) => step.code))
  const pairs: Differing[] = [
    ...right.steps.map((step) => ({ code: step.code, title: step.title, left: before.get(step.code), right: step })),
    ...left.steps.filter((step) => !after.has(step.code)).map((step) => ({ code: step.code, title: step.title, left: step })),
  ]
  return pairs.filter((pair) => pair.left?.outcome !== pair.right?.outcome || pair.left?.why !== pair.right?.why)
}

export const sameAwards = (left: TestResult, right: TestResult): boolean =>
  JSON.stringify(left.awards.map(({ category, member }) => [category, member])) === JSON.stringify(right.awards.map(({ category, member }) => [category, member])) && left.status === right.status
