/**
 * A list as a file from the server: progress by rows while it is made, by bytes while it
 * comes, and given up by an AbortSignal. It knows no Vue; client and clock are passed in.
 */
import { ApiError, withQuery, type Client, type Query } from '../api/client'

export type Format = 'xlsx' | 'csv'

/** How far a file is: waiting for its turn, being made, or on its way. */
export type Progress = { stage: 'waiting' } | { stage: 'making'; rows: number } | { stage: 'coming'; bytes: number }

export interface DownloadRequest {
  /** The server's name of the list (register/listfile_table.go). */
  list: string
  format: Format
  /** The list's own parameters, as its request has them. */
  query: Query
  /** A UUID of this file alone. */
  ticket: string
  signal: AbortSignal
  onProgress(progress: Progress): void
  /** Waits between two looks at how far the file is. */
  wait(millis: number): Promise<void>
}

export interface Downloaded {
  name: string
  blob: Blob
}

const LOOK_MILLIS = 700
const PREFIX = '/api/console/v1/lists'

export async function downloadList(client: Client, request: DownloadRequest): Promise<Downloaded> {
  const { list, format, query, ticket, signal, onProgress, wait } = request
  const place = `${PREFIX}/${encodeURIComponent(list)}`
  let answered = false
  const looking = (async () => {
    onProgress({ stage: 'waiting' })
    for (await wait(LOOK_MILLIS); !answered && !signal.aborted; await wait(LOOK_MILLIS)) {
      const far = await client.get<{ begun: boolean; rows: number }>(`${place}/progress`, { ticket }).catch(() => null)
      if (far?.begun && !answered && !signal.aborted) onProgress({ stage: 'making', rows: far.rows })
    }
  })()
  try {
    const response = await client.open(withQuery(`${place}/file`, { ...query, format, ticket }), signal)
    const blob = await bodyOf(response, (bytes) => {
      answered = format === 'xlsx' // a workbook comes when all of it is made; a CSV while it is made
      if (answered) onProgress({ stage: 'coming', bytes })
    })
    return { name: nameOf(response, `${list}.${format}`), blob }
  } finally {
    answered = true
    void looking
  }
}

async function bodyOf(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  if (!response.body) return response.blob()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      bytes += value.length
      onBytes(bytes)
    }
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError('network', 0, String(cause)) // the server broke off: what came is not the whole
  }
  return new Blob(parts, { type: response.headers.get('Content-Type') ?? '' })
}

function nameOf(response: Response, otherwise: string): string {
  const said = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')
  return said ? decodeURIComponent(said[1]!) : otherwise
}
