import { describe, expect, it } from 'vitest'
import type { ReviewItem } from '../api/types'
import type { Level } from '../warnings/level'
import { groupReviews, keptGroups, VisitOrder } from './groups'

let seq = 0
function review(over: Partial<ReviewItem> = {}): ReviewItem {
  seq++
  return {
    op: `op${seq}`, seq, type: 'households', record: 'r', household: 'h1', kind: 'patch',
    author: { id: 'w1', name: '李梅' }, device: { id: 'd1' }, at: '2026-03-01T02:00:00.000Z',
    received: '2026-03-01T09:00:00.000Z', fields: {}, ...over,
  }
}

const levels: Record<string, Level> = { I1: 'red', I3: 'orange' }
const plain = (item: ReviewItem) => item
const group = (items: ReviewItem[], order = new VisitOrder()) =>
  order.sort(groupReviews(items, plain, (code) => levels[String(code)] ?? 'none'), plain)
const shape = (items: ReviewItem[]) => group(items).map((each) => each.items.map((item) => item.op))

describe('keptGroups', () => {
  it('is the very visit while nothing of it changed, and a new one where something did', () => {
    const [a, b, c] = [review(), review({ household: 'h2' }), review({ household: 'h2' })]
    const before = group([a, b])
    const after = keptGroups(before, group([a, b, c]))
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
    expect(after[1]!.items).toHaveLength(2)
  })
})

describe('groupReviews', () => {
  it('keeps together what one person brought from one household on one day', () => {
    const a = review()
    const b = review({ type: 'status_changes' })
    expect(shape([b, a])).toEqual([[a.op, b.op]])
  })

  it('keeps apart another household, another author, another device, another day', () => {
    const items = [
      review(), review({ household: 'h2' }), review({ author: { id: 'w2' } }),
      review({ device: { id: 'd2' } }), review({ at: '2026-03-01T17:00:00.000Z' }),
    ]
    expect(group(items)).toHaveLength(5)
  })

  it('puts the most urgent of a visit first, the others in the order they were made', () => {
    const [a, b, c] = [review(), review({ warnings: ['I3'] }), review({ warnings: ['I1'] })]
    const d = review()
    expect(shape([d, c, b, a])).toEqual([[c.op, b.op, a.op, d.op]])
  })

  it('puts the visit with the most urgent warning first, then what has waited longest', () => {
    const plain = review({ household: 'a' })
    const orange = review({ household: 'b', warnings: ['I3'] })
    const quiet = review({ household: 'c' })
    const red = review({ household: 'c', warnings: ['I3', 'I1'] })
    expect(group([plain, orange, quiet, red]).map((each) => [each.household, each.level])).toEqual([
      ['c', 'red'], ['b', 'orange'], ['a', 'none'],
    ])
  })
})

describe('VisitOrder', () => {
  it('leaves the rest of a visit where it was when its most urgent change was decided, until the list is loaded anew', () => {
    const order = new VisitOrder()
    const other = review({ household: 'b', warnings: ['I3'] })
    const [red, rest] = [review({ household: 'a', warnings: ['I1'] }), review({ household: 'a' })]
    const places = (items: ReviewItem[]) => group(items, order).map((each) => each.household)
    expect(places([other, red, rest])).toEqual(['a', 'b'])
    expect(places([other, rest])).toEqual(['a', 'b'])
    order.forget()
    expect(places([other, rest])).toEqual(['b', 'a'])
  })
})
