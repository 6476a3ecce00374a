/** Warnings in the order in which they want to be handled: level, then due date, then age. */
import type { Warning } from '../api/types'
import { byLevel } from './level'
import { levelOf } from './reading'

const NEVER = '9999-12-31'

export function byUrgency(a: Warning, b: Warning): number {
  return (
    byLevel(levelOf(a.level), levelOf(b.level)) ||
    (a.due_on || NEVER).localeCompare(b.due_on || NEVER) ||
    a.id.localeCompare(b.id)
  )
}
