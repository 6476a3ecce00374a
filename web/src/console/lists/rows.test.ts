import { describe, expect, it } from 'vitest'
import { reconcile, rowsOf, successor } from './rows'

interface Item { id: string; text: string }
const item = (id: string, text = id): Item => ({ id, text })
const keyOf = (each: Item) => each.id
const rows = rowsOf([item('a'), item('b'), item('c')], keyOf)

describe('reconcile', () => {
  it('keeps every row in its place, changes it there, and holds new ones back', () => {
    const result = reconcile(rows, [item('new'), item('c'), item('b', 'changed'), item('a')], keyOf, true)
    expect(result.rows.map((row) => row.key)).toEqual(['a', 'b', 'c'])
    expect(result.rows[1]!.item.text).toBe('changed')
    expect(result.waiting).toBe(1)
  })

  it('marks a row that is gone from the whole list, but not one that may be on a later page', () => {
    expect(reconcile(rows, [item('a')], keyOf, true).rows.map((row) => row.gone)).toEqual([false, true, true])
    expect(reconcile(rows, [item('a')], keyOf, false).rows.some((row) => row.gone)).toBe(false)
  })

  it('knows in a steady order what is gone between what is there, though there are more pages', () => {
    const result = reconcile(rows, [item('a'), item('c'), item('d')], keyOf, false, true)
    expect(result.rows.map((row) => row.gone)).toEqual([false, true, false])
    expect(reconcile(rows, [item('a'), item('b')], keyOf, false, true).rows.map((row) => row.gone)).toEqual([false, false, false])
    expect(reconcile(rows, [item('d')], keyOf, false, true).rows.some((row) => row.gone)).toBe(false)
  })

  it('takes what follows the last row for a later page, not for something new', () => {
    expect(reconcile(rows, [item('a'), item('b'), item('c'), item('d')], keyOf, false).waiting).toBe(0)
    expect(reconcile(rows, [item('new'), item('a'), item('b'), item('c'), item('d')], keyOf, false).waiting).toBe(1)
    expect(reconcile(rows, [item('a'), item('b'), item('c'), item('d')], keyOf, true).waiting).toBe(1)
    // What is shown was the whole list, and more came than one look takes.
    expect(reconcile(rows, [item('a'), item('b'), item('c'), item('d')], keyOf, false, true, true).waiting).toBe(1)
  })

  it('keeps the very rows that say the same', () => {
    const result = reconcile(rows, [item('a'), item('b', 'changed'), item('c')], keyOf, true)
    expect(result.rows[0]).toBe(rows[0])
    expect(result.rows[1]).not.toBe(rows[1])
  })

  it('shows a row again that came back', () => {
    const gone = reconcile(rows, [], keyOf, true).rows
    expect(reconcile(gone, [item('b')], keyOf, true).rows.map((row) => row.gone)).toEqual([true, false, true])
  })

  it('loads straight away where the reader has no place to lose', () => {
    const result = reconcile([], [item('x')], keyOf, true)
    expect(result.rows.map((row) => row.key)).toEqual(['x'])
    expect(result.waiting).toBe(0)
  })
})

describe('rowsOf', () => {
  it('shows an item that two pages carry once', () => {
    expect(rowsOf([item('a'), item('a')], keyOf)).toHaveLength(1)
  })
})

describe('successor', () => {
  it('is the next open row, else the one before, else none', () => {
    expect(successor(rows, 'a')).toBe('b')
    expect(successor(rows, 'c')).toBe('b')
    const oneGone = reconcile(rows, [item('a'), item('c')], keyOf, true).rows
    expect(successor(oneGone, 'a')).toBe('c')
    expect(successor(rowsOf([item('a')], keyOf), 'a')).toBeNull()
  })
})
