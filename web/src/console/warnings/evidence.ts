/** The evidence of a warning, as lines: entries of a log, or whatever else the server keeps. */
export interface EvidenceLine {
  /** What it rests on: a record, or an op. */
  id: string | null
  at: string | null
  by: string | null
  text: string
}

const MOST = 100

export function evidenceLines(evidence: unknown): EvidenceLine[] {
  const list = Array.isArray(evidence) ? evidence : evidence === null || evidence === undefined ? [] : [evidence]
  return list.slice(-MOST).reverse().map(line)
}

function line(entry: unknown): EvidenceLine {
  if (typeof entry !== 'object' || entry === null) return { id: null, at: null, by: null, text: String(entry) }
  const { id, at, by, text } = entry as Record<string, unknown>
  const name = typeof by === 'object' && by !== null ? (by as { name?: unknown }).name : by
  return {
    id: typeof id === 'string' ? id : null,
    at: typeof at === 'string' ? at : null,
    by: typeof name === 'string' && name ? name : null,
    text: typeof text === 'string' ? text : JSON.stringify(entry),
  }
}
