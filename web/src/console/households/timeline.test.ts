import { expect, it } from 'vitest'
import { chainByYear } from './timeline'

it('lays the chain out by year, newest first, and sums only what was given', () => {
  const chain = chainByYear([
    { id: 'a', given_on: '2025-12-20', amount: 600, state: 'given' },
    { id: 'b', given_on: '2026-02-10', amount: 600, state: 'given' },
    { id: 'c', given_on: '2026-03-10', amount: 600, state: 'returned' },
    { id: 'd', given_on: '2026-01-10', state: 'given' },
    { id: 'e' },
  ])
  expect(chain.map((year) => [year.year, year.given, year.items.map((item) => item.id)])).toEqual([
    ['2026', 600, ['c', 'b', 'd']], ['2025', 600, ['a']], ['', 0, ['e']],
  ])
})
