/** How each tile is shown: which figures the chart draws and how. The table beside it has them all. */
import type { Colour } from './chart'

export interface Drawn {
  key: string
  colour: Colour
  /** The amount instead of the count. */
  amount?: boolean
  line?: boolean
}

export interface PanelRow {
  tile: string
  drawn: readonly Drawn[]
  lying?: boolean
}

/** In the page's order. Without anything drawn it is a table. */
export const PANELS: readonly PanelRow[] = [
  { tile: 'warnings', drawn: [] },
  { tile: 'register', drawn: [{ key: 'category', colour: 'brand' }], lying: true },
  { tile: 'coverage', drawn: [{ key: 'seen', colour: 'brand' }], lying: true },
  { tile: 'delivery', drawn: [{ key: 'entitled', colour: 'soft' }, { key: 'delivered', colour: 'brand' }], lying: true },
  { tile: 'items', drawn: [{ key: 'given_for', colour: 'brand', amount: true }], lying: true },
  { tile: 'funds', drawn: [{ key: 'given', colour: 'soft', amount: true }, { key: 'given', colour: 'brand', line: true }] },
  { tile: 'offices', drawn: [{ key: 'entitled_office', colour: 'soft' }, { key: 'lacking_office', colour: 'orange' }], lying: true },
  { tile: 'movement', drawn: [{ key: 'entered', colour: 'brand' }, { key: 'left', colour: 'orange' }] },
  { tile: 'flow', drawn: [{ key: 'raised_in', colour: 'orange' }, { key: 'handled_in', colour: 'brand' }] },
]

/** What stands at the top, and what the map can be coloured by: a figure, or a share. */
export interface HeadRow {
  tile: string
  figure?: string
  share?: string
  /** The value whose list a share leads to. */
  of?: string
  /** More of it is worse. */
  alarm?: boolean
}

export const HEADS: readonly HeadRow[] = [
  { tile: 'register', figure: 'registered' },
  { tile: 'warnings', figure: 'open' },
  { tile: 'warnings', figure: 'overdue', alarm: true },
  { tile: 'offices', figure: 'lacking_any', alarm: true },
  { tile: 'coverage', share: 'visited', figure: 'seen', of: 'older' },
  { tile: 'sync', figure: 'silent', alarm: true },
]

export const keyOf = (head: HeadRow): string => head.share ?? head.figure!
