// The wire's types and error codes, as docs/protocol.md §3 has them.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Values = Record<string, Json>

export type OpKind = 'create' | 'patch' | 'delete'
export type Outcome = 'applied' | 'merged' | 'conflict' | 'rejected' | 'lost' | 'held'
/** What became of one field that was not simply taken. */
export type FieldFate = 'replaced' | 'joined' | 'kept' | 'case' | 'same'

/** The content of an edit: everything of an op but its number. */
export interface OpBody {
  id: string
  /** Left out where it is the time in the op's own id (C.11); in ops of older builds it stands. */
  at?: string
  type: string
  record: string
  kind: OpKind
  base: number
  set?: Values
  was?: Values
  author?: string
}

export interface Op extends OpBody {
  n: number
}

/** An op that only the server can open: a locked tablet hands it over (appendix C.12). */
export interface SealedOp {
  n: number
  id: string
  /** The sealed key and the body under it, base64url. */
  key: string
  data: string
}

/** The server's public key, to which tablets seal. */
export interface ServerKey {
  id: string
  key: string
}

export interface Problem {
  code: string
  message: string
  field?: string
}

export interface OpResult {
  n?: number | null
  id: string
  /** Absent for op_mismatch, which decides nothing. */
  outcome?: Outcome | null
  seq?: number | null
  fields?: Record<string, FieldFate> | null
  case?: string | null
  error?: Problem | null
  /** Of a conflict: who wrote the value that stands, and when the server took it, by field or group. */
  theirs?: Record<string, Side> | null
  /** Later news, in a pull: how a person decided the case, or why the town returned the edit. */
  resolution?: Resolution | null
  returned?: string | null
}

export interface Side {
  by: { id: string; name: string }
  at: string
}

export interface Resolution {
  choice: 'server' | 'device' | 'value'
  field: string
  value: Json
  reason: string
  by: { id: string; name: string }
  at: string
}

export interface RegisterAnswer {
  device: string
  epoch: string
  next_n: number
  server_time: string
}

/** Consecutive ops that were plainly applied: n, n + 1, … at seq, seq + 1, … */
export interface Run {
  n: number
  count: number
  seq: number
}

export interface PushAnswer {
  epoch: string
  server_time: string
  next_n: number
  durable_seq?: number | null
  results: OpResult[]
  /** In a brief answer alone. */
  applied?: Run[]
  wipe?: boolean
}

export type ChangeKind = 'put' | 'leave' | 'tombstone'

export interface Change {
  seq: number
  type: string
  id: string
  kind: ChangeKind
  rev?: number
  record?: Values
}

export interface PullAnswer {
  epoch: string
  cursor: string
  more: boolean
  changes: Change[]
  results?: OpResult[] | null
  durable_seq?: number | null
  server_time: string
  /** On a first page: about how many records will come. */
  total?: number | null
}

/** The bounds of one push (§3.3). */
export const pushLimits = { ops: 500, compressedBytes: 1024 * 1024, bytes: 4 * 1024 * 1024 } as const
export const pullLimit = 500
/** The schema that this build's forms are written for: the one its ops are of (§9). */
export const appSchema = 1
export const apiPath = '/api/sync/v1'
