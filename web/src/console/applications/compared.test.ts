import { describe, expect, it } from 'vitest'
import type { TestResult } from '../api/types'
import { differing, sameAwards } from './compared'

const step = (code: string, outcome: string, why = '') => ({ code, category: code, title: code, clause: '', outcome, why, checks: [] })
const result = (steps: ReturnType<typeof step>[], awards: string[] = []): TestResult => ({
  rules_title: '', day: '', status: awards.length ? 'determined' : 'none', category: '', awards: awards.map((category) => ({ category, member: '', name: '', way: '', clause: '' })), steps, questions: [], unconfirmed: [], why: '',
})

describe('two answers of the ordered test', () => {
  it('differ where a step comes out otherwise, or for another reason', () => {
    const left = result([step('destitute', 'no'), step('subsistence', 'yes', '750元低于800元'), step('marginal', 'not_tested')], ['subsistence'])
    const right = result([step('destitute', 'no'), step('subsistence', 'no', '900元不低于800元'), step('marginal', 'yes')], ['marginal'])
    expect(differing(left, right).map((pair) => pair.code)).toEqual(['subsistence', 'marginal'])
    expect(sameAwards(left, right)).toBe(false)
    expect(differing(left, left)).toEqual([])
    expect(sameAwards(left, left)).toBe(true)
  })

  it('name a step that only one of them has', () => {
    expect(differing(result([step('old', 'yes')]), result([step('new', 'yes')])).map((pair) => pair.code)).toEqual(['new', 'old'])
  })
})
