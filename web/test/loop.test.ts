import { describe, expect, it, vi } from 'vitest'
import { backoffMillis } from '../src/sync/backoff'
import { readEvents } from '../src/sync/events'
import { joinTabs, type TabMessage, type TabPorts } from '../src/sync/leader'
import { FakeServer, problem } from './fake-server'
import { loopOn } from './loop'
import { edit, op, testId } from './tablet'

describe('the sync loop', () => {
  it('waits longer after each failure, with jitter, up to a cap, and goes on when the server is back', async () => {
    const server = new FakeServer()
    const { loop, timers, states } = loopOn(server)
    server.fault = () => 'before'
    for (let at = 0; at < 8; at++) await loop.request()
    expect(timers.map((timer) => timer.millis)).toEqual([1500, 3000, 6000, 12000, 22500, 22500, 22500, 22500])
    expect(states.at(-1)).toMatchObject({ running: false, problem: 'unreachable' })
    server.fault = () => null
    await loop.request()
    expect(states.at(-1)).toMatchObject({ problem: null })
    loop.stop()
  })

  it('respects Retry-After, and spreads it', async () => {
    const server = new FakeServer()
    const { loop, timers } = loopOn(server)
    server.fault = () => problem(503, 'busy', { 'Retry-After': '40' })
    await loop.request()
    expect(timers[0]?.millis).toBe(50_000)
    loop.stop()
  })

  it('runs once at a time, and once more for what came meanwhile', async () => {
    const server = new FakeServer()
    const { on, loop, states } = loopOn(server)
    await Promise.all([loop.request(), loop.request(), loop.request()])
    const runs = (): number => server.requests.filter((path) => path.includes('/schema')).length
    await vi.waitFor(() => expect(runs()).toBe(2), 30_000)
    await vi.waitFor(() => expect(states.at(-1)?.running).toBe(false), 30_000)
    await edit(on, op('create', 'visits', testId(), {}))
    await loop.request()
    expect(await on.store.outbox.waiting()).toBe(0)
    loop.stop()
  })

  it('erases everything on the order to wipe, after the last edit is held', async () => {
    const server = new FakeServer()
    const { on, loop } = loopOn(server)
    await loop.request()
    await edit(on, op('create', 'visits', testId(), {}))
    server.revoked.add((await on.store.meta.get('device'))!.id)
    server.wipe = true
    await loop.request()
    expect(server.pushed.flat()).toHaveLength(1)
    const names = (await indexedDB.databases()).map((database) => database.name)
    expect(names).not.toContain(on.name)
  })

  it('keeps its waits between half and all of the doubled time', () => {
    for (const random of [0, 0.5, 1]) {
      const wait = backoffMillis(3, random, { firstMillis: 1000, capMillis: 60_000 })
      expect(wait).toBeGreaterThanOrEqual(2000)
      expect(wait).toBeLessThanOrEqual(4000)
    }
  })
})

describe('the event stream', () => {
  it('takes a data line as a hint, however it is cut', async () => {
    const encoder = new TextEncoder()
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of [': hello\n\nda', 'ta: {"seq":', ' 7}\n\n', 'data: {"seq": 8}\n\n']) {
          controller.enqueue(encoder.encode(part))
        }
        controller.close()
      },
    })
    let hints = 0
    await readEvents(stream, () => hints++)
    expect(hints).toBe(2)
  })
})

describe('tabs', () => {
  it('lets one tab lead, and another when it closes', async () => {
    const queue: (() => void)[] = []
    let held = false
    const next = (): void => {
      held = false
      queue.shift()?.()
    }
    const request = (_name: string, _options: LockOptions, work: () => Promise<void>): Promise<void> =>
      new Promise((resolve) => {
        const begin = (): void => {
          held = true
          void work().then(() => {
            next()
            resolve()
          })
        }
        if (held) queue.push(begin)
        else begin()
      })
    const channel = (): ReturnType<TabPorts['channel']> => ({ postMessage: () => {}, close: () => {}, onmessage: null })
    const ports = { locks: { request }, channel } as unknown as TabPorts
    const heard: TabMessage[] = []
    let leads = 0
    const on = { lead: () => void leads++, message: (message: TabMessage) => void heard.push(message) }
    const first = joinTabs('t', ports, on)
    const second = joinTabs('t', ports, on)
    expect([first.isLeader(), second.isLeader(), leads]).toEqual([true, false, 1])
    first.stop()
    await vi.waitFor(() => expect(second.isLeader()).toBe(true), 30_000)
    expect(leads).toBe(2)
    second.stop()
  })
})
