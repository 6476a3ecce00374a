import { describe, expect, it } from 'vitest'
import { inChunks, readBatch } from './batch'

const refused = (op: string, code: string) => ({ op, error: { code, message: '' } })

describe('inChunks', () => {
  it('loses none and repeats none', () => {
    const ops = Array.from({ length: 7 }, (_, i) => `op${i}`)
    expect(inChunks(ops, 3).map((chunk) => chunk.length)).toEqual([3, 3, 1])
    expect(inChunks(ops, 3).flat()).toEqual(ops)
    expect(inChunks([], 3)).toEqual([])
  })
})

describe('readBatch', () => {
  it('tells accepted, decided by others, and failed apart', () => {
    const answer = { items: [{ op: 'a' }, refused('b', 'decided'), refused('c', 'not_found')] }
    expect(readBatch(['a', 'b', 'c'], answer)).toEqual({ accepted: ['a'], decided: ['b'], failed: ['c'] })
  })

  it('takes an answer that names none for all of them', () => {
    expect(readBatch(['a', 'b'], {})).toEqual({ accepted: ['a', 'b'], decided: [], failed: [] })
    expect(readBatch(['a'], undefined)).toEqual({ accepted: ['a'], decided: [], failed: [] })
  })
})
