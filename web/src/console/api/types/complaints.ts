/** 投诉建议. */
import type { Person, SyncedRecord } from './shared'

/** 投诉建议, with who handed it in. */
export type Complaint = SyncedRecord & {
  kind: string
  voice?: string
  text: string
  answer_wished?: boolean
  contact?: string
  said_on?: string
  state: string
  author: Person
  head_name?: string
  region_name?: string
}
