import { describe, expect, it } from 'vitest'
import type { Household } from '../api/types'
import { ageOf, byNewest, inFamilyOrder, nameIn, photosOf, visitOn, isAway, recordedOf } from './story'

const story: Household = {
  household: { id: 'h', head_name: '张德福' },
  members: [{ id: 'm', name: '张桂兰' }],
  visits: [
    { id: 'v1', visited_on: '2026-02-27' },
    { id: 'v3', visited_on: '2026-03-01', rev: 9 },
    { id: 'v2', visited_on: '2026-03-01', rev: 5 },
  ],
  status_changes: [], followups: [],
  photos: [{ id: 'p1', owner: 'v1' }, { id: 'p2', owner: 'v2' }],
  warnings: [], assistance: [], categories: [], entitlements: [], tasks: [{ id: 't', title: '补充照片' }], applications: [],
  history: [],
}

const author = { id: 'w1', name: '李梅' }

it('names a place by its code, and no place that it was not told of', () => {
  const told = { ...story, places: { '370281102200': '胶州市三里河街道李新社区' } }
  expect(nameIn(told, '370281102200')).toBe('胶州市三里河街道李新社区')
  expect(nameIn(told, '370281102201')).toBeNull()
  expect(nameIn(story, '370281102200')).toBeNull()
})

describe('a household story', () => {
  it('knows what people call a record, and does not make names up', () => {
    expect(nameIn(story, 'm')).toBe('张桂兰')
    expect(nameIn(story, 'h')).toBe('张德福')
    expect(nameIn(story, 't')).toBe('补充照片')
    expect(nameIn(story, 'p1')).toBeNull()
    expect(nameIn(null, 'm')).toBeNull()
  })

  it('finds the visit of the day by the county calendar, and by the corrected day where the clock is wrong', () => {
    expect(visitOn(story, '2026-02-26T17:00:00Z', 0, author)?.id).toBe('v1')
    expect(visitOn(story, '2026-03-11T02:00:00Z', 10 * 86_400_000, author)?.id).toBe('v3')
    expect(visitOn(story, '2025-01-01T00:00:00Z', 0, author)).toBeNull()
  })

  it('does not take the visit of somebody else for this one', () => {
    const theirs = { ...story, visits: [{ id: 'x', visited_on: '2026-03-01', visitor: '王强' }] }
    expect(visitOn(theirs, '2026-03-01T02:00:00Z', 0, author)).toBeNull()
    expect(visitOn(theirs, '2026-03-01T02:00:00Z', 0, { id: 'w2', name: '王强' })?.id).toBe('x')
  })

  it('orders by day, then by revision, and finds the photos of a record', () => {
    expect(byNewest(story.visits, 'visited_on').map((visit) => visit.id)).toEqual(['v3', 'v2', 'v1'])
    expect(photosOf(story, 'v2').map((photo) => photo.id)).toEqual(['p2'])
  })
})

it('puts the head first, then the closest kin, the elder before the younger', () => {
  const members = [
    { id: 'c', relation: '41' }, { id: 'b2', relation: '20', birth_date: '1990-01-01' }, { id: 'x' },
    { id: 'b1', relation: '20', birth_date: '1980-01-01' }, { id: 'a', relation: '02' },
  ]
  expect(inFamilyOrder(members).map((member) => member.id)).toEqual(['a', 'b1', 'b2', 'c', 'x'])
})

describe('ageOf', () => {
  it('counts birthdays, and says nothing of what cannot be', () => {
    const now = new Date(2026, 2, 1)
    expect(ageOf('1949-03-01', now)).toBe(77)
    expect(ageOf('1949-03-02', now)).toBe(76)
    expect(ageOf('2099-01-01', now)).toBeNull()
    expect(ageOf('', now)).toBeNull()
  })
})

it('lists what was recorded from elsewhere beside what is the household’s own, and knows it apart', () => {
  const story = { visits: [{ id: 'own' }], away: { visits: [{ id: 'late' }] } } as unknown as Parameters<typeof recordedOf>[0]
  expect(recordedOf(story, 'visits').map((record) => record.id)).toEqual(['own', 'late'])
  expect([isAway(story, 'visits', 'late'), isAway(story, 'visits', 'own')]).toEqual([true, false])
})
