// Answering a task: done, or cannot be done and why.
import { patchOp, type Making } from '@/sync/compose'
import type { Schema } from '@/sync/schema'
import type { Entry } from '@/store/records'
import type { Commit } from '@/store/store'

export type TaskAnswer = 'done' | 'cannot'

export function answerTask(schema: Schema, making: Making, task: Entry, household: string, state: TaskAnswer, result: string): Commit {
  const opened = { type: 'tasks', id: task.id, rev: task.rev, was: task.record }
  const body = patchOp(making, schema, opened, { state, result })
  return { ops: body === null ? [] : [{ body, household }] }
}
