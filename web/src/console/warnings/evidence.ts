/** The evidence of a warning, as lines: entries of a log, or whatever else the server keeps. */
export interface EvidenceLine {
  at: string | null
  by: string | null
  text: string
  op: string | null
}

const MOST = 100

export function evidenceLines(evidence: unknown): EvidenceLine[] {
  const list = Array.isArray(evidence) ? evidence : evidence === null || evidence === undefined ? [] : [evidence]
  return list.slice(-MOST).reverse().map(line)
}

function line(entry: unknown): EvidenceLine {
  if (typeof entry !== 'object' || entry === null) return { at: null, by: null, op: null, text: String(entry) }
  const { at, by, text, op } = entry as Record<string, unknown>
  const name = typeof by === 'object' && by !== null ? (by as { name?: unknown }).name : by
  return {
    at: typeof at === 'string' ? at : null,
    by: typeof name === 'string' ? name : null,
    op: typeof op === 'string' ? op : null,
    text: typeof text === 'string' ? text : JSON.stringify(entry),
  }
}
