import { describe, expect, it } from 'vitest'
import type { FigureTable, TileAnswer } from '../api/types'
import { optionOf } from './chart'
import { amountOf, countIn, countOf, listBehind, percent, shadeOf, shareOf, valuesOf } from './reading'
import { TOWNS } from './towns'

const answer = {
  tile: 'delivery', area: '', area_name: '', as_of: '', months: ['2026-10', '2026-11'], places: [],
  figures: { entitled: [{ of: 'b', count: 10, amount: 0 }, { of: 'a', count: 5, amount: 0 }, { of: 'odd', count: 1, amount: 0 }], delivered: [{ of: 'a', count: 4, amount: 120.5 }] },
  by_place: { entitled: [{ of: 'a', place: 'p', count: 2, amount: 0 }, { of: 'b', place: 'p', count: 3, amount: 0 }, { of: 'a', place: 'q', count: 3, amount: 0 }] },
} satisfies TileAnswer
const figure = { key: 'entitled', label: '', unit: '', note: '', of: 'item', list: 'households' } as const
const share = { key: 's', label: '', note: '', part: ['delivered'], whole: ['entitled'] }
const table: FigureTable = { tiles: [{ key: 'delivery', title: '', lead: '', figures: [figure], shares: [share] }], words: { item: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }] } }

describe('a tile’s answer', () => {
  it('is read by value, as a whole and by place', () => {
    expect([countOf(answer, 'entitled', 'a'), countOf(answer, 'entitled'), countOf(answer, 'nothing')]).toEqual([5, 16, 0])
    expect([countIn(answer, 'entitled', 'p'), countIn(answer, 'entitled', 'p', ['a'])]).toEqual([5, 2])
    expect(amountOf(answer, 'delivered', 'a')).toBe(120.5)
  })

  it('has no share where there is no whole', () => {
    expect(shareOf(answer, share, 'a')).toBe(0.8)
    expect(shareOf(answer, share, 'b')).toBe(0)
    expect(shareOf(answer, share, 'none')).toBeNull()
    expect(percent(null)).toBe('—')
  })

  it('counts only the values that a share names', () => {
    expect(shareOf(answer, { ...share, part: ['entitled', 'a', 'odd'] })).toBe(6 / 16)
  })

  it('lists values in the words’ order, and those without a word behind them', () => {
    expect(valuesOf(table, answer, ['entitled'])).toEqual(['a', 'b', 'odd'])
  })
})

describe('the list behind a figure', () => {
  it('stands in the address with value and area, or is the whole queue', () => {
    expect(listBehind(figure, 'a', '370281102')).toEqual({ name: 'households', query: { figure: 'entitled', of: 'a', area: '370281102' } })
    expect(listBehind({ ...figure, key: 'held', list: 'ops', queue: 'held' }, '', '')).toEqual({ name: 'ops', params: { outcome: 'held' } })
  })
})

describe('the map', () => {
  it('gives each of the 14 towns a square of its own', () => {
    const squares = Object.values(TOWNS).map(({ row, column }) => `${row}.${column}`)
    expect([squares.length, new Set(squares).size]).toEqual([14, 14])
  })

  it('shades from nothing to the most in five steps', () => {
    expect([0, 1, 20, 21, 99, 100].map((value) => shadeOf(value, 100))).toEqual([0, 1, 1, 2, 5, 5])
    expect([shadeOf(null, 100), shadeOf(3, 0)]).toEqual([0, 0])
  })
})

describe('a chart', () => {
  it('gives a line beside bars a scale of its own', () => {
    const bars = { name: '', unit: '', values: [1], colour: 'brand' as const }
    expect([optionOf({ labels: ['x'], series: [bars, { ...bars, line: true }] }, '万').yAxis].flat().length).toBe(2)
    expect([optionOf({ labels: ['x'], series: [bars, bars] }, '万').yAxis].flat().length).toBe(1)
  })
})
