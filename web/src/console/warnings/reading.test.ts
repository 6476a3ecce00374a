import { describe, expect, it } from 'vitest'
import { sampleSchema } from '../schema/sample'
import { strongest } from './level'
import { warningLine } from './reading'

describe('warningLine', () => {
  it('reads an indicator by code and title, a record, and a plain sentence', () => {
    expect(warningLine(sampleSchema, 'I1')).toEqual({ level: 'red', title: '主要收入者去世' })
    expect(warningLine(sampleSchema, { indicator: 'I1', level: 'orange', title: '已降级' })).toEqual({ level: 'orange', title: '已降级' })
    expect(warningLine(sampleSchema, { indicator: 'I1' })).toEqual({ level: 'red', title: '主要收入者去世' })
    expect(warningLine(sampleSchema, '主要收入者去世')).toEqual({ level: 'red', title: '主要收入者去世' })
    expect(warningLine(sampleSchema, '收入骤减')).toEqual({ level: 'none', title: '收入骤减' })
  })
})

describe('strongest', () => {
  it('is the most urgent of all, and none of nothing', () => {
    expect(strongest(['yellow', 'red', 'none'])).toBe('red')
    expect(strongest([])).toBe('none')
  })
})
