// What can go wrong between a client and the server, as one error type: a code
// for the program, and what the codes ask of it. The server's sentence is kept
// for a log; what people read comes from the i18n files, by code.

/** Codes this client adds to those of the protocol. */
export type LocalCode = 'unreachable' | 'timeout' | 'malformed' | 'no_progress' | 'quota'

export interface EpochNews {
  epoch: string
  /** The first number the restored server lacks; null where the answer did not say. */
  nextN: number | null
}

export class SyncProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 0,
    readonly retryAfterMillis: number | null = null,
    readonly epochNews: EpochNews | null = null,
    readonly field: string | null = null,
  ) {
    super(message)
    this.name = 'SyncProblem'
  }
}

/** Nothing was decided: the same request may succeed later. */
const passing = new Set(['unreachable', 'timeout', 'busy', 'storage_full', 'read_only', 'malformed'])

export const isPassing = (problem: SyncProblem): boolean => passing.has(problem.code) || problem.status >= 500

/** This build may no longer pull; everything it has to hand in goes on its way all the same (§9). */
export const stillHandsIn = (problem: SyncProblem | null): boolean => problem === null || problem.code === 'upgrade_required'

export function asProblem(error: unknown): SyncProblem {
  if (error instanceof SyncProblem) return error
  const name = error instanceof Error ? error.name : ''
  const message = error instanceof Error ? error.message : String(error)
  if (name === 'QuotaExceededError' || /quota/i.test(message)) return new SyncProblem('quota', message)
  return new SyncProblem('internal', message)
}

/** The problem that an HTTP answer with an error status describes. */
export async function problemOf(response: Response): Promise<SyncProblem> {
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string; field?: string; epoch?: string; next_n?: number }
    epoch?: string
    next_n?: number
    message?: string
  } | null
  const error = body?.error
  const code = error?.code ?? codeOfStatus(response.status)
  const epoch = body?.epoch ?? error?.epoch
  const nextN = body?.next_n ?? error?.next_n
  return new SyncProblem(
    code,
    error?.message ?? body?.message ?? `HTTP ${response.status}`,
    response.status,
    retryAfter(response.headers.get('Retry-After')),
    code === 'epoch_changed' && epoch !== undefined ? { epoch, nextN: nextN ?? null } : null,
    error?.field ?? null,
  )
}

const statusCodes: Record<number, string> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  410: 'cursor_expired',
  413: 'too_large',
  426: 'upgrade_required',
  429: 'busy',
  503: 'busy',
  507: 'storage_full',
}

const codeOfStatus = (status: number): string => statusCodes[status] ?? (status >= 500 ? 'unreachable' : 'invalid')

function retryAfter(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null
}
