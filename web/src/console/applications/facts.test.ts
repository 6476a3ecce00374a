import { describe, expect, it } from 'vitest'
import { Schema } from '../schema/schema'
import { answersOf, keyOf, specOf } from './facts'

const schema = new Schema({ schema: 1, types: { households: { label: '家庭', fields: { property: { type: 'list', label: '财产', options: [{ value: 'car', label: '机动车' }] } } } } })
const row = { code: 'property', label: '财产', unit: '', kind: 'list', member: false, type: 'households', field: 'property', ask: '?' }

describe('answers to the ordered test', () => {
  it('are entered as the register’s field is, or as the fact’s own kind', () => {
    expect(specOf(schema, row).options).toEqual([{ value: 'car', label: '机动车' }])
    expect(specOf(schema, { ...row, code: 'deposit', kind: 'number', unit: '元', type: '', field: '' })).toMatchObject({ type: 'number', unit: '元', options: undefined })
  })

  it('are only those that were given, an empty list among them', () => {
    const questions = ['property', 'deposit', 'urban'].map((fact) => ({ fact, member: '', name: '', text: '?' }))
    const values = { [keyOf(questions[0]!)]: [], [keyOf(questions[1]!)]: 0, [keyOf(questions[2]!)]: null }
    expect(answersOf(questions, values, ' 核对报告第12号 ')).toEqual([
      { fact: 'property', member: '', value: [], note: '核对报告第12号' },
      { fact: 'deposit', member: '', value: 0, note: '核对报告第12号' },
    ])
  })
})
