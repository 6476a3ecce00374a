// One typed call a route of the sync API. It knows HTTP and nothing of the
// store: every failure comes out as a SyncProblem, an answer as its wire type.
import { canCompress, gzip } from './gzip'
import { problemOf, SyncProblem } from './problem'
import { apiPath, appSchema, pullLimit, type Op, type PullAnswer, type PushAnswer, type RegisterAnswer, type SealedOp } from './wire'
import type { Schema } from './schema'

export interface Account {
  id: string
  email: string
  name: string
  role: string
  scope?: { areas?: string[]; households?: string[] }
  /** The areas in words, in their order. */
  area_names?: string[]
  /** Where a new household may be entered. */
  villages?: { code: string; name: string; urban: boolean }[]
}

export interface SignInAnswer {
  token: string
  record: Account
  meta?: {
    /** What the account must do before anything else. */
    step?: 'password' | 'factor'
    /** See known.ts. */
    known?: string
  }
}

/** Beside name and password: a code of the second factor, the browser's proof. */
export interface SignInExtra {
  code?: string
  known?: string
}

export interface ApiOptions {
  fetch: typeof fetch
  /** '' in the browser: the page's own origin. */
  origin: string
  token: () => string | null
  timeoutMillis?: number
}

export interface PushEnvelope {
  device: string
  epoch: string
  schema: number
  clock: string
  brief?: boolean
  ops: Op[]
}

export interface SealedEnvelope extends Omit<PushEnvelope, 'ops'> {
  ops: SealedOp[]
}

/** What a tablet tells of itself (docs/protocol.md, C.15): how much lies on it, its version and its clock. */
export interface Tells {
  waiting: number
  photos: number
  app: string
  clock: string
}

interface Call {
  method: 'GET' | 'POST'
  path: string
  body?: unknown
  /** Sent as it is: already JSON. */
  text?: string
  /** Another than the session's. */
  token?: string
  signal?: AbortSignal
}

export class Api {
  private readonly timeoutMillis: number

  constructor(private readonly options: ApiOptions) {
    this.timeoutMillis = options.timeoutMillis ?? 60_000
  }

  signIn(identity: string, password: string, extra: SignInExtra = {}): Promise<SignInAnswer> {
    return this.json({ method: 'POST', path: '/api/collections/users/auth-with-password', body: { identity, password, ...extra } })
  }

  /** Another password for the account of this token; all its other sessions end. */
  setPassword(token: string, change: { old: string; new: string; known?: string }): Promise<SignInAnswer> {
    return this.json({ method: 'POST', path: '/api/console/v1/own/password', body: change, token })
  }

  /** Ends the session of this token on the server, too. */
  signOut(token: string): Promise<unknown> {
    return this.json({ method: 'POST', path: '/api/console/v1/own/sign-out', body: {}, token })
  }

  refresh(): Promise<SignInAnswer> {
    return this.json({ method: 'POST', path: '/api/collections/users/auth-refresh', body: {} })
  }

  register(device: { name: string; platform: string; app: string }): Promise<RegisterAnswer> {
    return this.json({ method: 'POST', path: `${apiPath}/devices`, body: device })
  }

  schema(): Promise<Schema> {
    return this.json({ method: 'GET', path: `${apiPath}/schema` })
  }

  push(envelope: PushEnvelope): Promise<PushAnswer> {
    return this.json({ method: 'POST', path: `${apiPath}/push`, text: JSON.stringify(envelope) })
  }

  /** The same from a locked tablet, which cannot read what it sends. */
  pushSealed(envelope: SealedEnvelope): Promise<PushAnswer> {
    return this.json({ method: 'POST', path: `${apiPath}/sealed`, text: JSON.stringify(envelope) })
  }

  /** The data key of this account's own tablet, opened by the server: for who forgot the passphrase. */
  openKey(device: string, key: string): Promise<{ key: string }> {
    return this.json({ method: 'POST', path: `${apiPath}/sealed/key`, body: { device, key } })
  }

  pull(device: string, cursor: string | null, brief: boolean, tells: Tells | null = null): Promise<PullAnswer> {
    const query = new URLSearchParams({ device, limit: String(pullLimit), schema: String(appSchema) })
    if (brief) query.set('brief', '1')
    if (cursor !== null) query.set('cursor', cursor)
    for (const [name, value] of Object.entries(tells ?? {})) query.set(name, String(value))
    return this.json({ method: 'GET', path: `${apiPath}/pull?${query}` })
  }

  lost(gap: { device: string; epoch: string; from: number; to: number }): Promise<unknown> {
    return this.json({ method: 'POST', path: `${apiPath}/lost`, body: gap })
  }

  /** A photo as a blob: an <img> cannot send the token, and a URL must not carry it. */
  photo(id: string, size: 'thumb' | 'screen' | 'full'): Promise<Blob> {
    return this.send({ method: 'GET', path: `${apiPath}/photos/${id}?size=${size}` }, (response) => response.blob())
  }

  /** The event stream's body; the caller reads and closes it. It has no time limit. */
  events(device: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const path = `${apiPath}/events?device=${encodeURIComponent(device)}`
    const body = async (response: Response): Promise<ReadableStream<Uint8Array>> => {
      if (response.body === null) throw new SyncProblem('malformed', 'events: the answer has no body')
      return response.body
    }
    return this.send({ method: 'GET', path, signal }, body, 0)
  }

  get uploadsUrl(): string {
    return `${this.options.origin}${apiPath}/uploads/`
  }

  authorization(): string {
    return `Bearer ${this.options.token() ?? ''}`
  }

  private json<T>(call: Call): Promise<T> {
    return this.send(call, async (response) => {
      const text = await response.text()
      try {
        return JSON.parse(text) as T
      } catch (error) {
        throw new SyncProblem('malformed', `${call.path}: the answer is not JSON: ${String(error)}`, response.status)
      }
    })
  }

  /** Sends, and reads the answer within the same time limit. */
  private async send<T>(
    call: Call,
    read: (response: Response) => Promise<T>,
    timeoutMillis = this.timeoutMillis,
  ): Promise<T> {
    const timeout = new AbortController()
    const timer = timeoutMillis > 0 ? setTimeout(() => timeout.abort(), timeoutMillis) : undefined
    call.signal?.addEventListener('abort', () => timeout.abort(), { once: true })
    try {
      const request = await this.request(call, timeout.signal)
      const response = await this.options.fetch(`${this.options.origin}${call.path}`, request)
      if (!response.ok) throw await problemOf(response)
      return await read(response)
    } catch (error) {
      if (error instanceof SyncProblem) throw error
      const code = timeout.signal.aborted && !call.signal?.aborted ? 'timeout' : 'unreachable'
      throw new SyncProblem(code, `${call.path}: ${String(error)}`)
    } finally {
      clearTimeout(timer)
    }
  }

  private async request(call: Call, signal: AbortSignal): Promise<RequestInit> {
    const headers: Record<string, string> = {}
    const token = call.token ?? this.options.token()
    if (token !== null && !call.path.endsWith('auth-with-password')) headers.Authorization = `Bearer ${token}`
    const text = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
    const init: RequestInit = { method: call.method, headers, signal, cache: 'no-store', credentials: 'omit' }
    if (text === undefined) return init
    headers['Content-Type'] = 'application/json'
    // Below a packet's size compression gains nothing.
    if (text.length < 1024 || !canCompress() || call.path.startsWith('/api/collections')) return { ...init, body: text }
    headers['Content-Encoding'] = 'gzip'
    return { ...init, body: await gzip(text) }
  }
}
