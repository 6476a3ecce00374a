/**
 * One way to the server: adds the token, understands the error shape of the
 * protocol (§3), and reports a lost session once. It knows no endpoint; those
 * are in console.ts.
 */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export type Query = Record<string, string | number | undefined>

export interface Client {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  /** A file as it is on its sender's disk; what it is stands in the address. */
  upload<T>(path: string, query: Query, file: Blob): Promise<T>
  blob(path: string): Promise<Blob>
  /** The raw answer, for streams; the caller reads the body. */
  open(path: string, signal: AbortSignal): Promise<Response>
}

export interface ClientOptions {
  fetch: typeof fetch
  token(): string | null
  /** Called with the token that was refused, so that a newer session is not ended by an old answer. */
  onUnauthenticated(token: string | null): void
}

export function createClient(options: ClientOptions): Client {
  async function send(path: string, init: RequestInit): Promise<Response> {
    const token = options.token()
    const headers = new Headers(init.headers)
    if (token) headers.set('Authorization', `Bearer ${token}`)
    let response: Response
    try {
      response = await options.fetch(path, { ...init, headers })
    } catch (cause) {
      if (init.signal?.aborted) throw cause
      throw new ApiError('network', 0, String(cause))
    }
    if (response.ok) return response
    const failure = await errorOf(response)
    if (failure.code === 'unauthenticated' && token) options.onUnauthenticated(token)
    throw failure
  }

  const json = (method: string, body: unknown): RequestInit => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) })

  return {
    get: async (path, query, signal) => read(await send(withQuery(path, query), { method: 'GET', signal })),
    post: async (path, body) => read(await send(path, json('POST', body))),
    put: async (path, body) => read(await send(path, json('PUT', body))),
    upload: async (path, query, file) =>
      read(await send(withQuery(path, query), { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file })),
    blob: async (path) => (await send(path, { method: 'GET' })).blob(),
    open: (path, signal) => send(path, { method: 'GET', signal, headers: { Accept: 'text/event-stream' } }),
  }
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (cause) {
    throw new ApiError('unreadable', response.status, String(cause))
  }
}

export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text ? `${path}?${text}` : path
}

/** Reads `{"error":{code,message,field}}`; anything else gets a code from its status. */
async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  const error = isObject(body) && isObject(body.error) ? body.error : null
  if (error && typeof error.code === 'string') {
    const field = typeof error.field === 'string' ? error.field : undefined
    return new ApiError(error.code, response.status, String(error.message ?? ''), field)
  }
  const message = isObject(body) && typeof body.message === 'string' ? body.message : response.statusText
  return new ApiError(codeOfStatus(response.status), response.status, message)
}

function codeOfStatus(status: number): string {
  const codes: Record<number, string> = {
    401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 413: 'too_large', 429: 'busy', 503: 'busy',
  }
  return codes[status] ?? (status >= 500 ? 'server' : 'invalid')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
