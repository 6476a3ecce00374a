/** What a department itself gave, and what came of its list. */

export interface DeliveredRow {
  id: string
  name: string
  town_name: string
  item: string
  item_label: string
  amount: number | null
  period: string
  given_on: string
  state: string
  state_label: string
}

export interface DeliveredReport {
  batch: string
  state: 'done' | 'known'
  rows: number
  taken: number
  repeated: number
  unlisted: number
  bad: number
  faults: { line: number; column: string; code: string; reason: string }[]
}
