import { describe, expect, it, vi } from 'vitest'
import { ApiError, createClient, withQuery } from './client'

function clientOn(response: () => Response | Promise<Response>) {
  const calls: { path: string; init: RequestInit }[] = []
  const onUnauthenticated = vi.fn()
  const client = createClient({
    fetch: async (path, init) => {
      calls.push({ path: String(path), init: init ?? {} })
      return response()
    },
    token: () => 'T1',
    onUnauthenticated,
  })
  return { client, calls, onUnauthenticated }
}

const failure = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status })

describe('client', () => {
  it('sends the token in the header and never in the address', async () => {
    const { client, calls } = clientOn(() => new Response('{"items":[]}'))
    await client.get('/x', { q: '张', limit: 5, cursor: undefined })
    expect(calls[0]!.path).toBe('/x?q=%E5%BC%A0&limit=5')
    expect(new Headers(calls[0]!.init.headers).get('Authorization')).toBe('Bearer T1')
  })

  it('turns the coded error of the protocol into an ApiError with its field', async () => {
    const { client } = clientOn(failure(422, { error: { code: 'invalid', message: 'no', field: 'reason' } }))
    await expect(client.post('/x')).rejects.toMatchObject({ code: 'invalid', status: 422, field: 'reason' })
  })

  it('ends the session on 401, whatever the body, naming the token that was refused', async () => {
    const { client, onUnauthenticated } = clientOn(() => new Response('<html>', { status: 401 }))
    await expect(client.get('/x')).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(onUnauthenticated).toHaveBeenCalledExactlyOnceWith('T1')
  })

  it('keeps the session when the network fails or the server is busy', async () => {
    const dead = clientOn(() => Promise.reject(new TypeError('failed')))
    await expect(dead.client.get('/x')).rejects.toMatchObject({ code: 'network', status: 0 })
    expect(dead.onUnauthenticated).not.toHaveBeenCalled()
    const busy = clientOn(() => new Response('', { status: 503 }))
    await expect(busy.client.get('/x')).rejects.toBeInstanceOf(ApiError)
    expect(busy.onUnauthenticated).not.toHaveBeenCalled()
  })

  it('says that an answer was unreadable instead of taking it for an empty list', async () => {
    const { client } = clientOn(() => new Response('<html>proxy</html>'))
    await expect(client.get('/x')).rejects.toMatchObject({ code: 'unreadable' })
  })
})

describe('withQuery', () => {
  it('leaves out what is not set', () => {
    expect(withQuery('/x', { a: '', b: undefined })).toBe('/x')
    expect(withQuery('/x', { a: 0 })).toBe('/x?a=0')
  })
})
