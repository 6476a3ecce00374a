import { describe, expect, it } from 'vitest'
import { isNumber, isPartOfNumber, questionOf, sameQuestion } from './question'

describe('what is looked for', () => {
  it('is read from an address without what does not belong to it', () => {
    expect(questionOf({ q: '王', area: '370281102', from: 'mail', state: ['active', 'closed'] })).toEqual({ q: '王', area: '370281102' })
  })
  it('is the same in another order, and another with another filter', () => {
    expect(sameQuestion({ q: '王', warnings: 'red' }, { warnings: 'red', q: '王' })).toBe(true)
    expect(sameQuestion({ q: '王' }, { q: '王', warnings: 'red' })).toBe(false)
  })
  it('is an ID number in both its lengths, and written with gaps', () => {
    expect(['11010519491231002X', '110105 19491231 002x', '110105491231002'].map(isNumber)).toEqual([true, true, true])
    expect(['13853211234', '1101051949123100', 'X10105194912310021'].map(isNumber)).toEqual([false, false, false])
  })
  it('keeps a number that is still being typed out of the address', () => {
    expect(['1101051949123', '11010519491231002'].map(isPartOfNumber)).toEqual([true, true])
    expect(['13853211234', '11010519491231002X', '3702', '370281102200-00012'].map(isPartOfNumber)).toEqual([false, false, false, false])
  })
})
