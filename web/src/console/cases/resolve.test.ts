import { describe, expect, it } from 'vitest'
import type { CaseItem } from '../api/types'
import { emptyDraft, hasMoved, mayChoose, mayDecideAgain, missingIn, resolutionOf } from './resolve'

const seen: CaseItem = {
  case: 'c', kind: 'field', type: 'households', record: 'r', household: 'r', field: 'monthly_income', base: 3000,
  server: { value: 2600 }, device: [{ op: 'o1', value: 900 }, { op: 'o2', value: 950 }], rev: 1107, version: 3,
}

describe('a resolution', () => {
  it('carries the revision and version that were seen', () => {
    expect(resolutionOf(seen, { choice: 'server', op: null, value: null, reason: ' 已核实 ' })).toEqual({
      choice: 'server', reason: '已核实', expect_rev: 1107, expect_version: 3,
    })
  })

  it('names the device edit that was chosen, the newest if none was', () => {
    expect(resolutionOf(seen, { choice: 'device', op: 'o1', value: null, reason: 'x' }).op).toBe('o1')
    expect(resolutionOf(seen, { choice: 'device', op: null, value: null, reason: 'x' }).op).toBe('o2')
  })

  it('carries a value only where one was set, zero included', () => {
    const own = { choice: 'value' as const, op: null, value: 0, reason: 'x' }
    expect(missingIn(own, 'field')).toBeNull()
    expect(resolutionOf(seen, own).value).toBe(0)
    expect('value' in resolutionOf(seen, { ...own, choice: 'server' })).toBe(false)
  })
})

describe('a suspected duplicate', () => {
  it('has a third way: they are two people', () => {
    const draft = { choice: 'value' as const, op: null, value: null, reason: '同名同日' }
    expect(missingIn(draft, 'duplicate')).toBeNull()
    expect(resolutionOf({ ...seen, kind: 'duplicate' }, draft).value).toBe('distinct')
    expect(mayChoose('duplicate', 'value')).toBe(true)
    expect(mayChoose('delete', 'value')).toBe(false)
  })

  it('once made one is not taken apart; other decisions can be made again', () => {
    expect(mayDecideAgain({ ...seen, state: 'resolved' })).toBe(true)
    expect(mayDecideAgain({ ...seen, state: 'resolved', kind: 'duplicate' })).toBe(false)
    expect(mayDecideAgain({ ...seen, state: 'open' })).toBe(false)
  })
})

describe('missingIn', () => {
  it('asks for a choice, a value, a reason, in this order', () => {
    expect(missingIn(emptyDraft(), 'field')).toBe('cases.choiceEmpty')
    expect(missingIn({ ...emptyDraft(), choice: 'value' }, 'field')).toBe('cases.ownEmpty')
    expect(missingIn({ ...emptyDraft(), choice: 'server', reason: '  ' }, 'field')).toBe('cases.reasonEmpty')
  })
})

describe('hasMoved', () => {
  it('sees a new revision and a new version', () => {
    expect(hasMoved(seen, { ...seen })).toBe(false)
    expect(hasMoved(seen, { ...seen, rev: 1108 })).toBe(true)
    expect(hasMoved(seen, { ...seen, version: 4 })).toBe(true)
  })
})
