/** How the monitor's answers are read: values, shares, words, and the list behind a figure. */
import type { RouteLocationRaw } from 'vue-router'
import type { FigureRow, FigureTable, ShareRow, TileAnswer } from '../api/types'

/** A figure's value: of one value that it is split by, else of all of them. */
export function countOf(tile: TileAnswer, key: string, of?: string): number {
  return sum(tile.figures[key] ?? [], of === undefined ? undefined : [of])
}

export const amountOf = (tile: TileAnswer, key: string, of: string): number =>
  (tile.figures[key] ?? []).filter((each) => each.of === of).reduce((total, each) => total + each.amount, 0)

/** A figure's value in one place. */
export const countIn = (tile: TileAnswer, key: string, place: string, of?: string[]): number =>
  sum((tile.by_place[key] ?? []).filter((each) => each.place === place), of)

function sum(counts: readonly { of: string; count: number }[], of?: readonly string[]): number {
  return counts.filter((each) => !of || of.includes(each.of)).reduce((total, each) => total + each.count, 0)
}

/** How much of the whole is the part, of one value or of all; null where there is no whole. */
export function shareOf(tile: TileAnswer, share: ShareRow, of?: string, place?: string): number | null {
  const value = ([key, ...values]: readonly string[]) => {
    const wanted = of === undefined ? (values.length ? values : undefined) : [of]
    return place === undefined ? sum(tile.figures[key!] ?? [], wanted) : countIn(tile, key!, place, wanted)
  }
  const whole = value(share.whole)
  return whole > 0 ? value(share.part) / whole : null
}

export const percent = (share: number | null): string => (share === null ? '—' : `${Math.round(share * 100)}%`)

const grouped = new Intl.NumberFormat('zh-CN')
export const number = (n: number): string => grouped.format(n)

export function figureOf(table: FigureTable, key: string): FigureRow | undefined {
  return table.tiles.flatMap((tile) => tile.figures).find((figure) => figure.key === key)
}

/** The word of a value that a figure is split by; a month stays as it is. */
export function wordOf(table: FigureTable, figure: FigureRow, of: string): string {
  return table.words[figure.of]?.find((word) => word.value === of)?.label ?? of
}

/** The values that a tile knows of some figures, in the words' order; months all, in their own. */
export function valuesOf(table: FigureTable, tile: TileAnswer, keys: readonly string[]): string[] {
  const kind = figureOf(table, keys[0]!)?.of ?? ''
  if (kind === 'month') return tile.months
  const known = new Set(keys.flatMap((key) => (tile.figures[key] ?? []).map((each) => each.of)))
  const order = (table.words[kind] ?? []).map((word) => word.value).filter((value) => known.has(value))
  return [...order, ...[...known].filter((value) => value && !order.includes(value))]
}

/** Lists that can be narrowed to a figure; the others show their whole queue. */
const NARROWED: readonly string[] = ['households', 'warnings', 'devices']

export function listBehind(figure: FigureRow, of: string, area: string): RouteLocationRaw {
  if (NARROWED.includes(figure.list)) return { name: figure.list, query: { figure: figure.key, of: of || undefined, area: area || undefined } }
  return { name: figure.list, params: figure.queue ? { outcome: figure.queue } : {} }
}

/** Which of five steps a value takes between nothing and the most. */
export function shadeOf(value: number | null, most: number): number {
  if (value === null || value <= 0 || most <= 0) return 0
  return Math.min(5, Math.max(1, Math.ceil((value / most) * 5)))
}
