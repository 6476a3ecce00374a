import { describe, expect, it } from 'vitest'
import type { FieldReview, ReviewItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { summaryOf } from './summary'

const change = (before: unknown, after: unknown): FieldReview => ({ before, after, confirmed: before })

function summary(over: Partial<ReviewItem>) {
  const item: ReviewItem = {
    op: 'o', seq: 1, type: 'households', record: 'r', household: 'h', kind: 'patch', author: { id: 'a' },
    at: '', received: '', fields: {}, ...over,
  }
  return summaryOf(sampleSchema, item, { say: sayKey })
}

describe('summaryOf', () => {
  it('tells a change by its field and values', () => {
    expect(summary({ fields: { monthly_income: change(3000, 900) } })).toBe('reviews.summary.change(月收入,3,000 元,900 元)')
  })

  it('counts further units, a group as one', () => {
    const group = { state: change('active', 'closed'), state_reason: change(null, '迁出') }
    expect(summary({ fields: group })).toMatch(/^reviews\.summary\.change\(状态/)
    expect(summary({ fields: { ...group, urban: change(false, true) } })).toMatch(/^reviews\.summary\.more\(.*,2\)$/)
  })

  it('tells a status change by its kind, a new record by its name, and a delete as a delete', () => {
    expect(summary({ type: 'status_changes', kind: 'create', fields: { kind: change(null, 'death') } })).toBe(
      'reviews.summary.kind(状态变化,死亡)',
    )
    expect(summary({ kind: 'delete' })).toBe('reviews.summary.delete(家庭)')
    expect(summary({ kind: 'create', fields: { head_name: change(null, '张三') } })).toBe('reviews.summary.named(家庭,张三)')
    expect(summary({ kind: 'create' })).toBe('reviews.summary.create(家庭)')
  })
})
