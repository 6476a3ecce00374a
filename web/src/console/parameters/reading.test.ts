import { describe, expect, it } from 'vitest'
import type { Parameter } from '../api/types'
import { coming, matches, valueText, wrongNumber } from './reading'

const say = (key: string, values?: Record<string, unknown>) => `${key}${values ? ` ${Object.values(values).join(' ')}` : ''}`
const parameter: Parameter = {
  area: 'monitoring', area_label: '监测预警', group: 'E1 收入下降', key: 'E1.destitute', label: '人均月收入低于', unit: '元', clause: '三(一)', example: false, kind: 'number', low: 0, high: 5000,
  default: 1000, value: 1200, from: '2026-10-01', earliest: '2026-11-26',
  history: [{ from: '2027-01-01', value: 1400, note: '', by: { id: 'x' }, at: '' }, { from: '2026-12-01', value: 1300, note: '', by: { id: 'x' }, at: '' }, { from: '2026-10-01', value: 1200, note: '', by: { id: 'x' }, at: '' }],
}

describe('a parameter', () => {
  it('is said by its kind', () => {
    expect(valueText(parameter, 1200, say)).toBe('parameters.withUnit 1200 元')
    expect(valueText({ ...parameter, kind: 'switch' }, false, say)).toBe('parameters.off')
    expect(valueText({ ...parameter, kind: 'level' }, 'red', say)).toBe('level.red')
  })

  it('tells what comes in force later, the next first', () => {
    expect(coming(parameter, '2026-11-26').map((each) => each.value)).toEqual([1300, 1400])
  })

  it('takes no number from outside of its bounds, and no text', () => {
    expect(['', 'x', '-1', '5001'].map((text) => wrongNumber(parameter, text, say) !== '')).toEqual([true, true, true, true])
    expect(['0', '5000', '12.5'].map((text) => wrongNumber(parameter, text, say))).toEqual(['', '', ''])
  })

  it('is found by several words of what is said of it', () => {
    expect([matches(parameter, '收入 e1'), matches(parameter, ''), matches(parameter, '转办')]).toEqual([true, true, false])
  })
})
