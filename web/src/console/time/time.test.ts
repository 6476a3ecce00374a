import { describe, expect, it } from 'vitest'
import { sayKey as say } from '../schema/sample'
import { ago, correctedTime, dateOnly, dateTime, daysUntil, shortTime, skewInWords } from './time'

const NOW = new Date('2026-03-01T08:00:00.000Z')

describe('the wall clock of the county', () => {
  it('is Beijing time whatever the computer is set to, across midnight too', () => {
    expect(dateTime('2026-02-28T16:05:00.000Z')).toBe('2026-03-01 00:05')
    expect(dateTime('2026-02-28 16:05:00.000Z')).toBe('2026-03-01 00:05')
    expect(dateOnly('2026-02-28T16:05:00.000Z')).toBe('2026-03-01')
  })

  it('leaves a plain date alone and says nothing for none', () => {
    expect(dateOnly('2026-02-28')).toBe('2026-02-28')
    expect(dateTime(null)).toBe('')
    expect(dateTime('nonsense')).toBe('')
  })

  it('drops the day of today and the year of this year', () => {
    expect(shortTime('2026-03-01T01:00:00.000Z', NOW)).toBe('09:00')
    expect(shortTime('2026-01-05T01:00:00.000Z', NOW)).toBe('01-05 09:00')
    expect(shortTime('2025-12-31T01:00:00.000Z', NOW)).toBe('2025-12-31 09:00')
  })
})

describe('ago', () => {
  it('uses the largest unit that fits, and does not count a future time', () => {
    expect(ago('2026-02-27T08:00:00Z', NOW, say)).toBe('time.ago(time.days(2))')
    expect(ago('2026-03-01T07:59:30Z', NOW, say)).toBe('time.justNow')
    expect(ago('2099-01-01T00:00:00Z', NOW, say)).toBe('time.justNow')
    expect(ago(null, NOW, say)).toBe('time.never')
  })
})

describe('skewInWords', () => {
  it('trusts small errors, names large ones with their direction, and is silent when not measured', () => {
    expect(skewInWords(30_000, say)).toEqual({ text: 'time.clockRight', trusted: true })
    expect(skewInWords(3 * 3600_000 - 5, say)?.text).toBe('time.clockFast(time.hours(3))')
    expect(skewInWords(3 * 3600_000, say)).toEqual({ text: 'time.clockFast(time.hours(3))', trusted: false })
    expect(skewInWords(-400 * 86_400_000, say)?.text).toBe('time.clockSlow(time.days(400))')
    expect(skewInWords(null, say)).toBeNull()
  })
})

describe('correctedTime', () => {
  it('takes the clock error off, and trusts a clock that was not measured', () => {
    expect(correctedTime('2026-03-01T08:00:00Z', 3600_000)?.toISOString()).toBe('2026-03-01T07:00:00.000Z')
    expect(correctedTime('2026-03-01T08:00:00Z', null)?.toISOString()).toBe('2026-03-01T08:00:00.000Z')
    expect(correctedTime('', 5)).toBeNull()
  })
})

describe('daysUntil', () => {
  it('counts calendar days, overdue negative', () => {
    expect(daysUntil('2026-03-03', NOW)).toBe(2)
    expect(daysUntil('2026-02-27', NOW)).toBe(-2)
    expect(daysUntil('', NOW)).toBeNull()
  })
})
