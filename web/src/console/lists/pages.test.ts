import { describe, expect, it } from 'vitest'
import type { PageRequest } from '../api/console'
import { LONGEST_PAGE, walk } from './pages'

/** A list of `length` numbers, whose cursor is the next index. */
function listOf(length: number) {
  const asked: PageRequest[] = []
  const load = async (page: PageRequest) => {
    asked.push(page)
    const from = Number(page.cursor ?? 0)
    const to = Math.min(length, from + page.limit!)
    return { items: Array.from({ length: to - from }, (_, i) => from + i), cursor: to < length ? String(to) : '' }
  }
  return { load, asked }
}

describe('walk', () => {
  it('takes as many pages as it needs, none longer than the server gives', async () => {
    const { load, asked } = listOf(5000)
    const { items, cursor } = await walk(load, 1200)
    expect(items).toHaveLength(1200)
    expect(cursor).toBe('1200')
    expect(asked.map((page) => page.limit)).toEqual([LONGEST_PAGE, LONGEST_PAGE, 200])
  })

  it('stops at the end of the list, and goes on from a cursor', async () => {
    const { load } = listOf(30)
    expect((await walk(load, 1000)).cursor).toBeNull()
    expect((await walk(load, 10, '25')).items).toEqual([25, 26, 27, 28, 29])
  })

  it('does not walk in a circle', async () => {
    const stuck = async () => ({ items: [1], cursor: 'same' })
    expect((await walk(stuck, 100)).items).toHaveLength(2)
  })
})
