import { describe, expect, it } from 'vitest'
import type { Handover, HandoverOptions } from '../api/types'
import { bodyOf, missing, shownRows } from '../casework/form'
import { holdsHandover, nextMonth, offerRows, stepRows } from './rows'

const say = (key: string) => key
const options: HandoverOptions = { counties: [{ value: '370282', label: '即墨区' }], reasons: [{ value: 'kin', label: '投靠' }], acts: [], places: [], stays: [], today: '2026-11-23' }
const offered = (more: Partial<Handover> = {}) => ({ side: 'in', state: 'offered', closed_on: '', alike: [], ...more }) as unknown as Handover
const none = new Set<string>()

describe('the forms of a handover', () => {
  it('asks for county, reason, days and consent before anything is offered', () => {
    const rows = offerRows(options, say)
    const values = { household: 'h', county: '370282', reason: 'kin', moved_on: '2026-11-20', consent_by: '户主' }
    expect(missing(rows, values)?.key).toBe('consent_on')
    expect(missing(rows, { ...values, consent_on: '2026-11-21' })).toBeUndefined()
    expect(bodyOf(rows, { ...values, note: '  ' })).not.toHaveProperty('note')
  })

  it('asks for a village, unless the household is joined to one that is there', () => {
    const rows = stepRows(offered({ alike: [{ household: 'k', head_name: '王', region_name: '村', why: '王' }] }), say).accept!
    expect(shownRows(rows, {}, none).map((row) => row.key)).toEqual(['into', 'region', 'address', 'begins', 'goes_on', 'despite'])
    expect(shownRows(rows, { into: 'k' }, none).map((row) => row.key)).toEqual(['into', 'begins', 'goes_on'])
    expect(shownRows(stepRows(offered(), say).accept!, {}, none).map((row) => row.key)).toEqual(['region', 'address', 'begins', 'goes_on'])
  })

  it('begins with the next month unless somebody says otherwise', () => {
    expect([nextMonth('2026-11-23'), nextMonth('2026-12-01'), nextMonth('2027-01-31')]).toEqual(['2026-12-01', '2027-01-01', '2027-02-01'])
  })

  it('leaves its list when it is over', () => {
    expect(holdsHandover('in', offered())).toBe(true)
    expect(holdsHandover('out', offered())).toBe(false)
    expect(holdsHandover('in', offered({ closed_on: '2026-11-23' }))).toBe(false)
    expect(holdsHandover('closed', offered({ closed_on: '2026-11-23' }))).toBe(true)
  })
})
