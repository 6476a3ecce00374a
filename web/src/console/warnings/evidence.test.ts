import { describe, expect, it } from 'vitest'
import { evidenceLines } from './evidence'

describe('evidenceLines', () => {
  it('shows the newest entry first, with who and when', () => {
    const lines = evidenceLines([
      { id: '1', at: '2026-03-01T00:00:00Z', by: '李梅', text: '收入下降 70%' },
      { id: '2', by: { id: 'u', name: '王强' }, text: '主要收入者去世' },
    ])
    expect(lines).toEqual([
      { id: '2', at: null, by: '王强', text: '主要收入者去世' },
      { id: '1', at: '2026-03-01T00:00:00Z', by: '李梅', text: '收入下降 70%' },
    ])
  })

  it('shows what it does not understand as it is, rather than hiding it', () => {
    expect(evidenceLines('手工录入')[0]!.text).toBe('手工录入')
    expect(evidenceLines({ before: 3000 })[0]!.text).toBe('{"before":3000}')
    expect(evidenceLines(null)).toEqual([])
  })
})
