import { describe, expect, it } from 'vitest'
import type { ReviewItem } from '../api/types'
import type { Level } from '../warnings/level'
import { groupReviews } from './groups'

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
const group = (items: ReviewItem[]) => groupReviews(items, (item) => item, (code) => levels[String(code)] ?? 'none')
const shape = (items: ReviewItem[]) => group(items).map((each) => each.items.map((item) => item.op))

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
