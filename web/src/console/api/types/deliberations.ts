/** 一事一议: minutes, who took part, signatures. */
import type { Choice, StaffMember } from './casework'

export interface Attendee {
  id: string
  name: string
  unit: string
  account: string
  chair: boolean
  stance: string
  opinion: string
}

export interface Deliberation {
  id: string
  household: string
  head_name: string
  region_name: string
  application: string
  warning: string
  replaces: string
  level: string
  subject: string
  held_on: string
  place: string
  attendees: Attendee[]
  decision: string
  awards: { category: string; member: string }[]
  /** It was about categories; without awards about none. */
  proposed: boolean
  text: string
  state: string
  recorder: string
  recorded_by: string
  digest: string
  intact: boolean
  signatures: { attendee: string; at: string; by: string; way: string; digest: string }[]
  mine: string
  signed_on: string
  void_reason: string
  supplements: { id?: string; at?: string; by?: string; text?: string }[] | null
}

export interface DeliberationOptions {
  people: StaffMember[]
  stances: Choice[]
  least: number
}
