/** What waits for a desk, in one order of urgency. */
import type { TodoKind } from '../../today/kinds'
import type { Page } from './shared'

export interface Todo {
  kind: TodoKind
  id: string
  household: string
  head_name: string
  region: string
  region_name: string
  /** Of warnings, tasks, referrals, meetings and files what it is; of the rest the type of record. */
  text: string
  state: string
  level: string
  /** 0 at once, 1 first, 2 in its turn. */
  urgency: number
  due_on: string
  received: string
  author: string
}

export interface TodoCount {
  kind: Todo['kind']
  count: number
  at_once: number
}

/** The first page says how many there are of each kind. */
export interface TodoPage extends Page<Todo> {
  counts: TodoCount[]
}
