import { describe, expect, it } from 'vitest'
import type { OpBody, OpItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { bodyRows, householdOf, opKind, refusalText } from './body'

const op = (body: OpBody | null, type = 'households'): OpItem => ({
  op: 'o', seq: 1, outcome: 'held', type, record: 'r', at: '', received: '', author: { id: 'a' }, body,
})
const rows = (body: OpBody | null) => bodyRows(sampleSchema, op(body), { say: sayKey })

describe('bodyRows', () => {
  it('shows each value that was to be written, and what its author had seen', () => {
    expect(rows({ set: { monthly_income: 900 }, was: { monthly_income: 3000 } })).toEqual([
      { field: 'monthly_income', label: '月收入', set: '900 元', was: '3,000 元' },
    ])
  })

  it('says nothing of an original value where the author sent none', () => {
    expect(rows({ set: { urban: true } })[0]!.was).toBeNull()
  })

  it('shows fields that no schema knows, and bears an op without a body', () => {
    expect(rows({ set: { nonsense: 'x' }, was: null })).toEqual([{ field: 'nonsense', label: 'nonsense', set: 'x', was: null }])
    expect(rows(null)).toEqual([])
    expect(rows({ kind: 'delete', set: null })).toEqual([])
  })
})

describe('refusalText', () => {
  it('names the field, where there is one', () => {
    const refused = { ...op(null), error: { code: 'invalid', message: '不能小于 0', field: 'monthly_income' } }
    expect(refusalText(sampleSchema, refused, sayKey)).toBe('value.labelled(月收入,不能小于 0)')
    expect(refusalText(sampleSchema, { ...refused, error: { code: 'forbidden', message: '不在辖区' } }, sayKey)).toBe('不在辖区')
    expect(refusalText(sampleSchema, op(null), sayKey)).toBeNull()
  })
})

describe('householdOf', () => {
  it('is the record itself, or the household it names, or unknown', () => {
    expect(householdOf(op({ kind: 'patch' }))).toBe('r')
    expect(householdOf(op({ kind: 'create', set: {} }))).toBeNull()
    expect(householdOf(op({ kind: 'create', set: { household: 'h' } }, 'visits'))).toBe('h')
    expect(householdOf(op({ kind: 'patch', set: {} }, 'members'))).toBeNull()
    expect(opKind(op({ kind: 'delete' }))).toBe('delete')
  })
})
