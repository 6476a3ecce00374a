import { describe, expect, it } from 'vitest'
import { changeRows, deltaOf, sameValue } from './diff'
import { sampleSchema, sayKey } from './sample'

const rows = (fields: Parameters<typeof changeRows>[2]) => changeRows(sampleSchema, 'households', fields, { say: sayKey })

describe('changeRows', () => {
  it('shows before, after, last confirmed and how far a number moved', () => {
    const [row] = rows({ monthly_income: { before: 3000, after: 900, confirmed: 3000 } })
    expect(row).toMatchObject({
      label: '月收入', before: '3,000 元', after: '900 元', confirmed: '3,000 元', unconfirmedBefore: false,
      delta: { amount: -2100, percent: -70, unit: '元' },
    })
  })

  it('marks a value before that was itself never confirmed', () => {
    const [row] = rows({ monthly_income: { before: 2600, after: 900, confirmed: 3000 } })
    expect(row!.unconfirmedBefore).toBe(true)
  })

  it('keeps the order of the schema, and unknown fields at the end', () => {
    const change = { before: null, after: 'x', confirmed: null }
    expect(rows({ zzz: change, state_reason: change, head_name: change }).map((row) => row.field)).toEqual([
      'head_name', 'state_reason', 'zzz',
    ])
  })

  it('names what was added to a list and what was taken away', () => {
    const [row] = rows({ tags: { before: ['alone', '甲'], after: ['alone', '乙'], confirmed: ['alone', '甲'] } })
    expect(row).toMatchObject({ added: ['乙'], removed: ['甲'] })
  })
})

describe('deltaOf', () => {
  it('has no percentage from zero, and nothing to say of texts and of no change', () => {
    expect(deltaOf(0, 500, '元')).toEqual({ amount: 500, percent: null, unit: '元' })
    expect(deltaOf('a', 'b', null)).toBeNull()
    expect(deltaOf(5, 5, null)).toBeNull()
  })
})

describe('sameValue', () => {
  it('takes absent, null and empty for one, and ignores the order of keys', () => {
    expect(sameValue(null, '')).toBe(true)
    expect(sameValue(undefined, [])).toBe(true)
    expect(sameValue({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
    expect(sameValue(0, null)).toBe(false)
    expect(sameValue([1, 2], [2, 1])).toBe(false)
  })
})
