// Brief answers (docs/protocol.md, C.11), told in full again: the rest of the client
// knows nothing of them. Pure.
import { SyncProblem } from './problem'
import type { Schema } from './schema'
import type { Change, OpResult, PullAnswer, PushAnswer } from './wire'

/** A server that was set back to an older build knows no brief answers. */
export const knowsBrief = (schema: Schema | undefined): boolean => schema?.options?.includes('brief') ?? false

/** Every result of an answer: runs of plainly applied ops name numbers, whose ids the sender knows. */
export function resultsOf(answer: PushAnswer, sent: readonly { n: number; id: string }[]): OpResult[] {
  const ids = new Map(sent.map((op) => [op.n, op.id]))
  const plain: OpResult[] = []
  for (const run of answer.applied ?? []) {
    if (plain.length + run.count > sent.length) throw misread(run.n)
    for (let at = 0; at < run.count; at++) {
      const n = run.n + at
      const id = ids.get(n)
      if (id === undefined) throw misread(n)
      plain.push({ n, id, outcome: 'applied', seq: run.seq + at })
    }
  }
  return [...plain, ...answer.results]
}

/** Nothing of such an answer is believed; the ops go again. */
const misread = (n: number): SyncProblem => new SyncProblem('malformed', `push: the answer tells of op ${n}, which was not sent`)

/** A page whose records say again what their lines say. */
export function wholePage(answer: PullAnswer): PullAnswer {
  return { ...answer, changes: answer.changes.map(wholeChange) }
}

function wholeChange(change: Change): Change {
  if (change.kind !== 'put') return change
  const rev = change.rev ?? change.seq
  return { ...change, rev, record: { ...change.record, id: change.id, rev } }
}
