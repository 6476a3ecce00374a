import { describe, expect, it } from 'vitest'
import { monthsOf, runsOf, workedIn } from './months'

const holiday = (from: string, to = from, worked = false) => ({ from, to, name: '国庆节', worked })

describe('a year of the working calendar', () => {
  it('has all its days once, weeks beginning on Monday', () => {
    const days = monthsOf(2026, []).flatMap((month) => month.weeks.flat()).filter((day) => day !== null)
    expect([days.length, new Set(days.map((day) => day.date)).size]).toEqual([365, 365])
    expect(monthsOf(2026, [])[10]!.weeks[0]!.map((day) => day?.day ?? 0)).toEqual([0, 0, 0, 0, 0, 0, 1]) // 1 November 2026 is a Sunday
    expect(monthsOf(2028, [])[1]!.weeks.flat().filter(Boolean).length).toBe(29)
  })

  it('counts holidays out and made-up weekends in', () => {
    const usual = workedIn(monthsOf(2026, []))
    expect(workedIn(monthsOf(2026, [holiday('2026-10-01', '2026-10-02')]))).toBe(usual - 2)
    expect(workedIn(monthsOf(2026, [holiday('2026-10-10', '2026-10-10', true)]))).toBe(usual + 1)
  })

  it('joins days over a weekend into one announcement, and keeps others apart', () => {
    const days = ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-08'].map((day) => holiday(day))
    expect(runsOf(days).map((run) => `${run.from} ${run.to}`)).toEqual(['2026-10-01 2026-10-06', '2026-10-08 2026-10-08'])
    expect(runsOf([holiday('2026-10-10', '2026-10-10', true), holiday('2026-10-17', '2026-10-17', true)]).length).toBe(2)
  })
})
