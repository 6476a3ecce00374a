import { describe, expect, it } from 'vitest'
import type { OpItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { bodyRows } from './body'

const op = (over: Partial<OpItem>): OpItem => ({
  op: 'o', seq: 1, outcome: 'held', type: 'households', record: 'r', kind: 'patch', at: '', received: '', author: { id: 'a' }, ...over,
})
const rows = (over: Partial<OpItem>) => bodyRows(sampleSchema, op(over), { say: sayKey })

describe('bodyRows', () => {
  it('shows each value that was to be written, and what its author had seen', () => {
    expect(rows({ set: { monthly_income: 900 }, was: { monthly_income: 3000 } })).toEqual([
      { field: 'monthly_income', label: '月收入', set: '900 元', was: '3,000 元' },
    ])
  })

  it('says nothing of an original value where the author sent none', () => {
    expect(rows({ set: { urban: true } })[0]!.was).toBeNull()
  })

  it('reads the kept body, and shows fields that no schema knows', () => {
    expect(rows({ body: { set: { nonsense: 'x' } } })).toEqual([{ field: 'nonsense', label: 'nonsense', set: 'x', was: null }])
    expect(rows({})).toEqual([])
  })
})
