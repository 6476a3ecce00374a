import { describe, expect, it } from 'vitest'
import type { CaseItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { deviceText, newestAt, serverText, valueText } from './sides'

const item: CaseItem = {
  case: 'c', kind: 'field', type: 'households', record: 'r', household: 'r', field: 'monthly_income', base: 3000,
  server: { value: 2600 }, device: [{ op: 'o', value: 900, at: '1', received: '2' }], rev: 1, version: 1,
}
const deletion: CaseItem = { ...item, kind: 'delete', field: null, base: null, deleted: false }
const words = { say: sayKey }

describe('the sides of a conflict', () => {
  it('are values where a field is in question', () => {
    expect(valueText(sampleSchema, item, item.base, words)).toBe('3,000 元')
    expect(serverText(sampleSchema, item, words)).toBe('2,600 元')
    expect(deviceText(sampleSchema, item, item.device[0]!, words)).toBe('900 元')
  })

  it('say what was done where the record is in question', () => {
    expect(serverText(sampleSchema, deletion, words)).toBe('cases.kept')
    expect(serverText(sampleSchema, { ...deletion, deleted: true }, words)).toBe('cases.deleted')
    expect(deviceText(sampleSchema, deletion, { op: 'o', kind: 'delete', value: null }, words)).toBe('cases.delete')
    expect(deviceText(sampleSchema, deletion, { op: 'o', kind: 'patch', value: { urban: true } }, words)).toBe('value.labelled(城镇户口,是)')
  })

  it('date a case by its newest edit, as the server received it', () => {
    expect(newestAt(item)).toBe('2')
    expect(newestAt({ ...item, device: [] })).toBeUndefined()
  })
})
