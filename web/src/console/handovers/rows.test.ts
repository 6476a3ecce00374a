import { describe, expect, it } from 'vitest'
import type { Handover, HandoverOptions } from '../api/types'
import { bodyOf, missing, shownRows } from '../casework/form'
import { holdsHandover, initialOf, monthEnd, nextMonth, offerRows, stepRows } from './rows'

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

  it('asks of a clash with whom it was talked over, and what is to be closed only where something stands', () => {
    const keys = (more: Partial<Handover>, act: string) => shownRows(stepRows(offered({ state: 'clashed', ...more }), say)[act]!, {}, none).map((row) => row.key)
    expect(keys({ here: 'active' }, 'keep')).toEqual(['with', 'talked_on', 'reason'])
    expect(keys({ here: 'active' }, 'yield')).toEqual(['with', 'talked_on', 'ends', 'reason'])
    expect(keys({ here: 'active', joined: true }, 'yield')).toEqual(['with', 'talked_on', 'ends', 'home', 'reason'])
    for (const here of ['closed', '']) expect(keys({ here, joined: true }, 'yield')).toEqual(['with', 'talked_on', 'reason'])
    const rows = stepRows(offered({ state: 'clashed', here: 'active' }), say).yield!
    expect(missing(rows, { talked_on: '2026-11-23', ends: '2026-11-30' })?.key).toBe('with')
    expect(bodyOf(shownRows(rows, {}, none), { with: '王主任', ...initialOf('yield', offered(), '2026-11-23') })).toEqual({ with: '王主任', talked_on: '2026-11-23', ends: '2026-11-30' })
    expect([monthEnd('2026-12-01'), monthEnd('2028-02-03')]).toEqual(['2026-12-31', '2028-02-29'])
  })

  it('leaves its list when it is over', () => {
    expect(holdsHandover('in', offered())).toBe(true)
    expect(holdsHandover('out', offered())).toBe(false)
    expect(holdsHandover('in', offered({ closed_on: '2026-11-23' }))).toBe(false)
    expect(holdsHandover('closed', offered({ closed_on: '2026-11-23' }))).toBe(true)
  })
})
