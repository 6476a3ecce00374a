import { describe, expect, it } from 'vitest'
import { onwards, straight, transformOf, turned, zoomed } from './view'

describe('a photo that is looked at', () => {
  it('grows and shrinks within bounds', () => {
    let view = straight()
    for (let n = 0; n < 40; n++) view = zoomed(view, 1)
    expect(view.scale).toBe(8)
    for (let n = 0; n < 40; n++) view = zoomed(view, -1)
    expect(view.scale).toBe(0.25)
  })

  it('turns by quarters', () => {
    expect(transformOf(turned(turned(straight(), 1), 1))).toContain('rotate(180deg)')
    expect(transformOf(turned(straight(), -1))).toContain('rotate(-90deg)')
  })

  it('goes round the end, and past the photo that stands beside', () => {
    expect(onwards(2, 1, 3, null)).toBe(0)
    expect(onwards(0, -1, 3, null)).toBe(2)
    expect(onwards(0, 1, 3, 1)).toBe(2)
    expect(onwards(2, 1, 3, 0)).toBe(1)
    expect(onwards(0, 1, 2, 1)).toBe(0)
  })
})
