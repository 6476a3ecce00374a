import { describe, expect, it } from 'vitest'
import { blocksOf } from './blocks'
import type { ReviewGroup } from './groups'

const group = (key: string): ReviewGroup => ({ key, household: key, headName: '', regionName: '', author: { id: 'w' }, at: '', level: 'none', items: [] })
const many = Array.from({ length: 3_000 }, (_, at) => group(`household-${at}/w/d/2026-11-20`))

describe('blocksOf', () => {
  it('keeps every visit, in order, in stretches of bounded length', () => {
    const blocks = blocksOf(many)
    expect(blocks.flat()).toEqual(many)
    expect(Math.max(...blocks.map((block) => block.length))).toBeLessThanOrEqual(96)
    expect(blocks.length).toBeGreaterThan(30)
    expect(blocks.length).toBeLessThan(400)
  })

  it('leaves the other stretches the very same when one visit goes or changes', () => {
    const before = blocksOf(many)
    const shorter = blocksOf(many.filter((_, at) => at !== 700), before)
    expect(shorter.filter((block) => !before.includes(block)).length).toBeLessThanOrEqual(2)
    const changed = blocksOf(many.map((each, at) => (at === 1_500 ? { ...each, at: 'later' } : each)), before)
    expect(changed.filter((block) => !before.includes(block))).toHaveLength(1)
  })

  it('has none of nothing', () => {
    expect(blocksOf([])).toEqual([])
  })
})
