/** Shapes that every area uses. */

export interface Page<T> {
  items: T[]
  cursor?: string | null
}

export interface Person {
  id: string
  name?: string
  role?: string
}

export interface Device {
  id: string
  name?: string
  platform?: string
}

export interface Summary {
  reviews: number
  cases: number
  warnings: number
  held: number
  lost: number
  rejected: number
  /** null: the county is joined to no province. */
  handovers?: { in: number; out: number } | null
}

/** Any synced record: fields by name, as /schema describes them. */
export type Values = Record<string, unknown>
export type SyncedRecord = Values & { id: string; rev?: number; created?: string; updated?: string }
