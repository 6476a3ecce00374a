import { describe, expect, it } from 'vitest'
import { emptySeat, faultOf, seatsOf } from './attendees'

const seat = (more: object) => ({ ...emptySeat(), stance: 'agree', opinion: '同意', ...more })

describe('who took part', () => {
  it('is as many as the county wants, each with a word; empty seats do not count', () => {
    expect(faultOf([seat({ name: '甲' }), seat({ name: '乙' }), emptySeat()], 3)).toBe('few')
    expect(faultOf([seat({ name: '甲' }), seat({ name: '乙' }), seat({ account: 'u', opinion: ' ' })], 3)).toBe('words')
    expect(faultOf([seat({ name: '甲' }), seat({ name: '乙' }), seat({ account: 'u' }), emptySeat()], 3)).toBe('')
  })

  it('is sent by account where there is one, with who was in the chair', () => {
    const sent = seatsOf([emptySeat(), seat({ account: 'u', name: '旧名' }), seat({ name: ' 村主任 ' })], 2)
    expect(sent).toEqual([
      { account: 'u', name: '', unit: '', chair: false, stance: 'agree', opinion: '同意' },
      { account: '', name: '村主任', unit: '', chair: true, stance: 'agree', opinion: '同意' },
    ])
  })
})
