import { describe, expect, it } from 'vitest'
import type { CaseItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { deviceLines, newestAt, serverLines, valueLines } from './sides'

const item: CaseItem = {
  case: 'c', kind: 'field', type: 'households', record: 'r', household: 'r', field: 'monthly_income', base: 3000,
  server: { value: 2600 }, device: [{ op: 'o', value: 900, at: '1', received: '2' }], rev: 1, version: 1,
}
const deletion: CaseItem = { ...item, kind: 'delete', field: null, base: null, deleted: false }
const words = { say: sayKey }

const texts = (lines: { label: string; text: string }[]) => lines.map(({ label, text }) => label + text)

describe('the sides of a conflict', () => {
  it('are values where a field is in question', () => {
    expect(texts(valueLines(sampleSchema, item, item.base, words))).toEqual(['3,000 元'])
    expect(texts(serverLines(sampleSchema, item, words))).toEqual(['2,600 元'])
    expect(texts(deviceLines(sampleSchema, item, item.device[0]!, words))).toEqual(['900 元'])
    expect(texts(valueLines(sampleSchema, item, null, words))).toEqual(['未填'])
  })

  it('name the fields of a group, those without a value too', () => {
    const group = { ...item, field: 'state' }
    expect(valueLines(sampleSchema, group, { state: 'closed', state_reason: null }, words)).toEqual([
      { label: '状态', text: '已销户' }, { label: '状态原因', text: '未填' },
    ])
  })

  it('say what was done where the record is in question', () => {
    expect(texts(serverLines(sampleSchema, deletion, words))).toEqual(['cases.kept'])
    expect(texts(serverLines(sampleSchema, { ...deletion, deleted: true }, words))).toEqual(['cases.deleted'])
    expect(texts(deviceLines(sampleSchema, deletion, { op: 'o', kind: 'delete', value: null }, words))).toEqual(['cases.delete'])
    expect(texts(deviceLines(sampleSchema, deletion, { op: 'o', kind: 'patch', value: { urban: true } }, words))).toEqual(['城镇户口是'])
    expect(valueLines(sampleSchema, deletion, null, words)).toEqual([])
  })

  it('date a case by its newest edit, as the server received it', () => {
    expect(newestAt(item)).toBe('2')
    expect(newestAt({ ...item, device: [] })).toBeUndefined()
  })
})
