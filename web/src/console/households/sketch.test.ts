import { describe, expect, it } from 'vitest'
import type { Household } from '../api/types'
import { grouped, placeOf, roundLength, sketchOf } from './sketch'

const story = (more: Partial<Household>): Household =>
  ({ household: { id: 'h', place: { lat: 36.26, lng: 120.03 } }, visits: [], photos: [], ...more }) as Household

describe('the sketch of places', () => {
  it('has none where no visit and no photo says where it was', () => {
    expect(sketchOf(story({ visits: [{ id: 'v' }] }))).toBeNull()
    expect(placeOf({ id: 'v', place: { lat: 36.1 } })).toBeNull()
  })

  it('measures in metres from the home', () => {
    const sketch = sketchOf(story({ photos: [{ id: 'p', place: { lat: 36.261, lng: 120.03, accuracy: 12 }, taken_at: '2026-11-20T02:00:00Z' }] }))!
    const photo = sketch.marks.find((mark) => mark.kind === 'photo')!
    expect(Math.round(photo.away!)).toBe(111)
    expect(Math.round(photo.north)).toBe(111)
    expect(Math.round(photo.east)).toBe(0)
    expect(photo.accuracy).toBe(12)
    expect(sketch.reach).toBeGreaterThan(111)
    expect(sketch.scale).toBe(50)
  })

  it('draws around the first mark where the home has no place', () => {
    const sketch = sketchOf(story({ household: { id: 'h' }, visits: [{ id: 'v', place: { lat: 36, lng: 120 }, visited_on: '2026-11-20' }] }))!
    expect(sketch.marks).toEqual([{ id: 'v', kind: 'visit', when: '2026-11-20', east: 0, north: 0, away: null, accuracy: 0 }])
  })

  it('puts marks that lie upon each other together', () => {
    const place = { lat: 36.2601, lng: 120.0301 }
    const sketch = sketchOf(story({ photos: [{ id: 'a', place }, { id: 'b', place }, { id: 'c', place: { lat: 36.262, lng: 120.03 } }] }))!
    expect(grouped(sketch, 5).map(({ mark, count }) => [mark.kind, count])).toEqual([['home', 1], ['photo', 2], ['photo', 1]])
  })

  it('has a scale of a round length', () => {
    expect([0.7, 3, 19, 50, 999].map(roundLength)).toEqual([0.5, 2, 10, 50, 500])
  })
})
