import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { decisionReason, historyChanges, historyUnits, isContent } from './history'

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

  it('takes a decision of an office for no change, and finds its reason', () => {
    expect(historyChanges(sampleSchema, entry({ kind: 'accept', set: { op: 'x' }, was: null }), words)).toEqual([])
    expect(decisionReason(entry({ kind: 'return', set: { op: 'x', reason: '照片不清楚' } }))).toBe('照片不清楚')
    expect(decisionReason(entry({ kind: 'accept', set: null }))).toBeNull()
    expect(decisionReason(entry({ kind: 'patch', set: { reason: 'x' } }))).toBeNull()
  })

  it('says a cleared field in a patch, not an empty one in a create', () => {
    expect(historyChanges(sampleSchema, entry({ set: { head_name: null } }), words)[0]!.after).toBe('未填')
    expect(historyChanges(sampleSchema, entry({ kind: 'create', set: { head_name: null } }), words)).toEqual([])
  })
})

describe('isContent', () => {
  it('leaves out that the server noted the arrival of a photo, and nothing a person did', () => {
    expect(isContent(entry({ author: { id: 'server' }, type: 'photos' }))).toBe(false)
    expect(isContent(entry({ author: { id: 'server' }, type: 'warnings' }))).toBe(true)
    expect(isContent(entry({ type: 'photos' }))).toBe(true)
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
