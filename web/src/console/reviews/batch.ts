/** Reads the answer to accepting several: each op was accepted, decided by somebody else before, or failed. */
import type { AcceptAnswer } from '../api/console'

export interface Batch {
  accepted: string[]
  decided: string[]
  failed: string[]
}

/** An answer that names no op was given for all of them. */
export function readBatch(ops: readonly string[], answer: AcceptAnswer | undefined): Batch {
  const codes = new Map((answer?.items ?? []).map((result) => [result.op, result.error?.code ?? null]))
  const batch: Batch = { accepted: [], decided: [], failed: [] }
  for (const op of ops) {
    const code = codes.get(op) ?? null
    const part = code === null ? batch.accepted : code === 'decided' ? batch.decided : batch.failed
    part.push(op)
  }
  return batch
}
