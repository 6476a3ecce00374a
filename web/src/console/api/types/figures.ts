/** 看板: what is counted, and its values in an area. */
export type FigureKind = '' | 'category' | 'item' | 'department' | 'indicator' | 'seen' | 'month'

export interface FigureRow {
  key: string
  label: string
  unit: string
  /** What exactly is counted. */
  note: string
  of: FigureKind
  /** The screen that lists what is counted. */
  list: 'households' | 'warnings' | 'devices' | 'reviews' | 'cases' | 'ops'
  queue?: string
  /** What the amount beside the count is called. */
  sum?: string
}

/** Two figures, one in another: a key, or a key with the values that count. */
export interface ShareRow {
  key: string
  label: string
  note: string
  part: string[]
  whole: string[]
}

export interface TileRow {
  key: string
  title: string
  lead: string
  figures: FigureRow[]
  shares: ShareRow[]
}

export interface FigureTable {
  tiles: TileRow[]
  words: Partial<Record<FigureKind, { value: string; label: string }[]>>
}

export interface Count {
  of: string
  place?: string
  count: number
  amount: number
}

export interface TileAnswer {
  tile: string
  area: string
  area_name: string
  as_of: string
  months: string[]
  places: { code: string; name: string }[]
  figures: Record<string, Count[]>
  by_place: Record<string, Count[]>
}
