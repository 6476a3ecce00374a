/** Finding households. */
export interface HouseholdRow {
  id: string
  number?: string
  head_name: string
  /** Whose name was found, where it is not the head's. */
  member?: string
  region: string
  region_name: string
  address?: string
  phone?: string
  state: string
  last_visited?: string
  categories: string[]
  /** How many are open. */
  warnings: number
}

/** What is asked: words, an ID number as the server blinds it, and filters by the server's names. */
export type HouseholdQuestion = {
  q?: string
  number?: string
  area?: string
  category?: string
  warnings?: string
  indicator?: string
  tasks?: string
  state?: string
  visited_before?: string
  item?: string
  figure?: string
  of?: string
}

export interface RegionRow {
  code: string
  name: string
}

export interface BlindNumber {
  number: string
  shown: string
}

export interface SavedView {
  id: string
  screen: string
  name: string
  query: string
}
