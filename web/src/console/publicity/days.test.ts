import { describe, expect, it } from 'vitest'
import { daysLeft, villagesOf } from './days'

describe('a notice’s days', () => {
  it('counts today, over the ends of months, and is over the day after', () => {
    expect(daysLeft('2026-12-02', '2026-11-26')).toBe(7)
    expect(daysLeft('2026-11-26', '2026-11-26')).toBe(1)
    expect(daysLeft('2026-11-25', '2026-11-26')).toBe(0)
    expect(daysLeft('', '2026-11-26')).toBe(0)
  })
})

describe('the villages that have a wall to print for', () => {
  it('are each there once, by code, and none for a notice without one', () => {
    const notices = [{ region: '370281102220', village: '乙村' }, { region: '370281102200', village: '甲村' }, { region: '370281102220', village: '乙村' }, { village: '丙村' }]
    expect(villagesOf(notices)).toEqual([{ region: '370281102200', village: '甲村' }, { region: '370281102220', village: '乙村' }])
  })
})
