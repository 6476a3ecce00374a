import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { historyChanges, historyUnits } from './history'

const entry = (over: Partial<HistoryEntry>): HistoryEntry => ({
  seq: 1, op: 'o', at: '', received: '', author: { id: 'a' }, type: 'households', record: 'r', kind: 'patch', outcome: 'applied', ...over,
})
const words = { say: sayKey }

describe('historyChanges', () => {
  it('tells from what to what, and leaves out plumbing', () => {
    const set = { monthly_income: 900, household: 'h' }
    expect(historyChanges(sampleSchema, entry({ set, was: { monthly_income: 3000 } }), words)).toEqual([
      { unit: 'households.monthly_income', label: '月收入', before: '3,000 元', after: '900 元' },
    ])
  })

  it('says a cleared field in a patch, not an empty one in a create', () => {
    expect(historyChanges(sampleSchema, entry({ set: { head_name: null } }), words)[0]!.after).toBe('未填')
    expect(historyChanges(sampleSchema, entry({ kind: 'create', set: { head_name: null } }), words)).toEqual([])
  })
})

describe('historyUnits', () => {
  it('offers each unit once, a group as one', () => {
    const patches = [entry({ set: { state: 'closed', state_reason: '迁出' } }), entry({ set: { state: 'active', urban: true } })]
    expect(historyUnits(sampleSchema, patches, words)).toEqual([
      { unit: 'households.state', label: '家庭 · 状态' }, { unit: 'households.urban', label: '家庭 · 城镇户口' },
    ])
  })
})
