import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { PageRequest } from '../api/console'
import { useLive } from '../live/live'
import { usePagedList, type PagedList } from './pagedList'

interface Item { id: string }

/** A server whose list the test changes, and whose answers it can hold back. */
class Server {
  items: string[] = []
  asked = 0
  private held: (() => void)[] = []
  holding = false

  load = async ({ limit, cursor }: PageRequest) => {
    this.asked++
    const from = Number(cursor ?? 0)
    const page = this.items.slice(from, from + limit!)
    const next = from + page.length < this.items.length ? String(from + page.length) : ''
    if (this.holding) await new Promise<void>((resolve) => this.held.push(resolve))
    return { items: page.map((id) => ({ id })), cursor: next }
  }
  answer() {
    this.holding = false
    for (const resolve of this.held.splice(0)) resolve()
  }
}

let scope: EffectScope
let server: Server
let list: PagedList<Item>
const keys = () => list.rows.value.map((row) => row.key)
const settle = () => new Promise((resolve) => setTimeout(resolve))

async function event() {
  useLive().tick++
  await nextTick()
  await settle()
}

describe('usePagedList', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    scope = effectScope()
    server = new Server()
    list = scope.run(() => usePagedList<Item>({ keyOf: (item) => item.id, load: (page) => server.load(page), step: 3 }))!
  })
  afterEach(() => scope.stop())

  it('does not lose the list that the reader asked for to an event that comes meanwhile', async () => {
    server.items = ['a']
    await list.reload()
    server.items = ['a', 'b']
    server.holding = true
    await event() // looks again, and is not answered yet
    const asked = list.reload()
    await event() // and once more
    server.answer()
    await asked
    await settle()
    expect(keys()).toEqual(['a', 'b'])
  })

  it('offers what is new instead of moving what is read, and loads it when asked', async () => {
    server.items = ['a', 'b']
    await list.reload()
    server.items = ['new', 'a', 'b']
    await event()
    expect(keys()).toEqual(['a', 'b'])
    expect(list.waiting.value).toBe(1)
    await list.reload()
    expect(keys()).toEqual(['new', 'a', 'b'])
    expect(list.waiting.value).toBe(0)
  })

  it('does not offer as new what was decided here while an answer was on its way', async () => {
    server.items = ['a', 'b']
    await list.reload()
    server.holding = true
    const looking = event()
    await nextTick()
    list.remove(['a'])
    server.answer()
    await looking
    expect(keys()).toEqual(['b'])
    expect(list.waiting.value).toBe(0)
  })

  it('appends further pages, and each item once', async () => {
    server.items = ['a', 'b', 'c', 'd', 'e']
    await list.reload()
    expect(keys()).toEqual(['a', 'b', 'c'])
    expect(list.more.value).toBe(true)
    await list.loadMore()
    expect(keys()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(list.more.value).toBe(false)
  })

  it('hears of what came while further pages were loaded', async () => {
    server.items = ['a', 'b', 'c', 'd']
    await list.reload()
    server.holding = true
    const more = list.loadMore()
    server.items = ['new', 'a', 'b', 'c', 'd']
    await event()
    server.answer()
    await more
    await settle()
    expect(keys()).toEqual(['a', 'b', 'c', 'd'])
    expect(list.waiting.value).toBe(1)
  })

  it('hears of what came just before further pages were asked for', async () => {
    server.items = ['a', 'b', 'c', 'd']
    await list.reload()
    server.items = ['new', 'a', 'b', 'c', 'd']
    server.holding = true
    await event() // looks again, and is not answered yet
    const more = list.loadMore()
    server.answer()
    await more
    await settle()
    expect(keys()).toEqual(['a', 'b', 'c', 'd'])
    expect(list.waiting.value).toBe(1)
  })

  it('looks again one at a time, however many events come', async () => {
    server.items = ['a']
    await list.reload()
    server.holding = true
    const before = server.asked
    for (let i = 0; i < 10; i++) await event()
    expect(server.asked - before).toBe(1)
    server.answer()
    await settle()
    expect(server.asked - before).toBe(2)
  })

  it('says that it failed, keeps what it has when a later look fails, and recovers', async () => {
    const dead = usePagedListThatFails()
    await dead.reload()
    expect(dead.state.value).toBe('failed')
    server.items = ['a']
    await list.reload()
    server.load = () => Promise.reject(new Error('down'))
    await event()
    expect(keys()).toEqual(['a'])
    expect(list.state.value).toBe('ready')
  })

  it('drops the answer to a question that was replaced', async () => {
    server.items = ['old']
    server.holding = true
    const first = list.reload()
    list.clear()
    server.answer()
    await first
    expect(keys()).toEqual([])
    expect(list.state.value).toBe('loading')
  })
})

function usePagedListThatFails(): PagedList<Item> {
  return scope.run(() => usePagedList<Item>({ keyOf: (item) => item.id, load: () => Promise.reject(new Error('down')) }))!
}
