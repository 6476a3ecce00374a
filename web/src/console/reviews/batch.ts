/** Reads the answer to accepting several: each op was accepted, decided by somebody else before, or failed. */
import type { AcceptAnswer } from '../api/console'

export interface Batch {
  accepted: string[]
  decided: string[]
  failed: string[]
}

/** The most the server takes in one request. */
const MOST_AT_ONCE = 500

export function inChunks(ops: readonly string[], most = MOST_AT_ONCE): string[][] {
  const chunks: string[][] = []
  for (let at = 0; at < ops.length; at += most) chunks.push(ops.slice(at, at + most))
  return chunks
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
