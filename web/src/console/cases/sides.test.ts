import { describe, expect, it } from 'vitest'
import type { CaseItem } from '../api/types'
import { sampleSchema, sayKey } from '../schema/sample'
import { deviceLines, nameOfEntry, newestAt, otherHousehold, serverLines, valueLines } from './sides'

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

  it('lay the entries of a suspected duplicate side by side, and mark what differs', () => {
    const twice: CaseItem = {
      ...deletion, kind: 'duplicate', server: { value: { head_name: '赵桂兰', urban: true } },
      device: [{ op: 'o', value: { head_name: '赵桂兰', monthly_income: 900 } }],
    }
    expect(serverLines(sampleSchema, twice, words)).toEqual([
      { label: '户主姓名', text: '赵桂兰', differs: false },
      { label: '城镇户口', text: '是', differs: true },
      { label: '月收入', text: '未填', differs: true },
    ])
    expect(deviceLines(sampleSchema, twice, twice.device[0]!, words).map((line) => line.text)).toEqual(['赵桂兰', '未填', '900 元'])
  })

  it('know the name in a suspected duplicate, and the other household', () => {
    const twice: CaseItem = {
      ...deletion, kind: 'duplicate', household: 'h1', server: { value: { name: '赵桂兰', household: 'h2' } },
      device: [{ op: 'o', value: { name: '赵桂兰', household: 'h1' } }],
    }
    expect(nameOfEntry(twice)).toBe('赵桂兰')
    expect(otherHousehold(twice)).toBe('h2')
    expect(otherHousehold({ ...twice, server: { value: { household: 'h1' } } })).toBeNull()
    expect(nameOfEntry(item)).toBeNull()
  })

  it('date a case by its newest edit, as the server received it', () => {
    expect(newestAt(item)).toBe('2')
    expect(newestAt({ ...item, device: [] })).toBeUndefined()
  })
})
