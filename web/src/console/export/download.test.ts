import { describe, expect, it } from 'vitest'
import { ApiError, createClient } from '../api/client'
import { downloadList, type Format, type Progress } from './download'

/** A server that gives a file's parts one by one, and says how far it is meanwhile. */
function serverOf(parts: string[], end: 'whole' | 'broken' | 'never' = 'whole', rows = 1500) {
  const asked: string[] = []
  let release = () => {}
  const held = new Promise<void>((go) => (release = go))
  const fetching = (async (path: string, init: RequestInit) => {
    asked.push(path)
    if (path.includes('/progress')) return Response.json({ begun: true, rows })
    await held
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        for (const part of parts) stream.enqueue(new TextEncoder().encode(part))
        if (end === 'whole') stream.close()
        if (end === 'broken') stream.error(new TypeError('terminated'))
        init.signal?.addEventListener('abort', () => stream.error(new DOMException('given up', 'AbortError')))
      },
    })
    return new Response(body, { headers: { 'Content-Disposition': "attachment; filename=\"households.csv\"; filename*=UTF-8''%E5%AE%B6%E5%BA%AD-20261126-0900.csv" } })
  }) as typeof fetch
  const client = createClient({ fetch: fetching, token: () => 'token', onUnauthenticated: () => {} })
  return { client, asked, release }
}

function request(seen: Progress[], signal: AbortSignal, onLook: () => void, format: Format = 'xlsx') {
  return {
    list: 'households', format, query: { q: '李', area: '', state: undefined }, ticket: '019abd76-0903-76d8-95b3-14d2b82807a7', signal,
    onProgress: (progress: Progress) => {
      seen.push(progress)
      if (progress.stage === 'making') onLook()
    },
    wait: () => new Promise<void>((go) => setTimeout(go, 0)),
  }
}

describe('a list as a file', () => {
  it('tells rows while it is made and bytes while it comes, and has the server’s name for it', async () => {
    const { client, asked, release } = serverOf(['abc', 'de'])
    const seen: Progress[] = []
    const file = await downloadList(client, request(seen, new AbortController().signal, release))
    expect(file.name).toBe('家庭-20261126-0900.csv')
    expect(await file.blob.text()).toBe('abcde')
    expect(seen[0]).toEqual({ stage: 'waiting' })
    expect(seen).toContainEqual({ stage: 'making', rows: 1500 })
    expect(seen.at(-1)).toEqual({ stage: 'coming', bytes: 5 })
    const path = asked.find((each) => each.includes('/file'))
    expect(path).toContain('/lists/households/file?q=%E6%9D%8E&format=xlsx&ticket=019abd76')
  })

  it('takes half a file for a failure', async () => {
    const { client, release } = serverOf(['abc'], 'broken')
    const error = await downloadList(client, request([], new AbortController().signal, release)).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).code).toBe('network')
  })

  it('is given up when it is told so', async () => {
    const { client, release } = serverOf(['abc'], 'never')
    const giving = new AbortController()
    const run = downloadList(client, request([], giving.signal, release)).catch((each: unknown) => each)
    release()
    await new Promise((go) => setTimeout(go, 5))
    giving.abort()
    expect(await run).toMatchObject({ name: 'AbortError' })
  })
})
