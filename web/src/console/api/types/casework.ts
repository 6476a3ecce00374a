/** Files of offices: leads, help first, charity, orders of visits, contracts. */
import type { Values } from './shared'

export interface Choice {
  value: string
  label: string
}

/** What a person may do with a file of a kind. */
export interface Act {
  act: string
  label: string
  clause: string
  reason: boolean
}

export interface FileStep {
  at: string
  by: string
  act: string
  text: string
}

export interface CaseFile {
  id: string
  area: string
  region_name: string
  household: string
  head_name: string | null
  state: string
  state_name: string
  made_on: string
  due_on: string
  overdue_on: string
  closed_on: string
  open_steps: string[]
  steps?: FileStep[] | null
}

export interface Somebody {
  name: string
  id_number: string
  phone: string
  address: string
  region: string
}

export interface LookAlike {
  household: string
  head_name: string
  region_name: string
  why: string
}

export interface Lead extends CaseFile {
  channel: string
  number: string
  urgency: string
  reporter?: { name: string; phone: string }
  about: Somebody
  text: string
  received_on: string
  answer_by: string
  task: string
  findings: string
  conclusion: string
  answer: string
  reply: string
  look_alikes?: LookAlike[]
  same?: string[]
}

export interface FileOptions {
  acts: Act[]
  places: Choice[]
}

export interface LeadOptions extends FileOptions {
  channels: Choice[]
  urgencies: Choice[]
  conclusions: Choice[]
  replies: Choice[]
}

/** An entry of a chain that something new may repeat. */
export interface Given {
  assistance: string
  text: string
}

export interface UrgentAid extends CaseFile {
  member: string
  about: Somebody
  emergency: string
  text: string
  item: string
  amount: number
  given_on: string
  missing: string[]
  filed: string[]
  by: string
  duplicates?: Given[]
}

export interface UrgentOptions extends FileOptions {
  emergencies: Choice[]
  papers: Choice[]
  items: string[]
  town_limit: number
}

export interface CharityOffer extends CaseFile {
  giver: string
  credit_code: string
  contact: string
  phone: string
  title: string
  text: string
  needs: string[]
  audiences: string[]
  categories: string[]
  cases: number
  amount: number
  from: string
  to: string
  left: number
  fits?: CharityNeed[]
}

export interface CharityNeed extends CaseFile {
  member: string
  need: string
  text: string
  audiences: string[]
  categories: string[]
  offer: string
  giver: string
  amount: number
  given_on: string
  first: boolean
  duplicates?: Given[]
  fits?: CharityOffer[]
}

export interface CharityOptions {
  needs: Choice[]
  categories: Choice[]
  audiences: Choice[]
  offer_acts: Act[]
  need_acts: Act[]
  places: Choice[]
}

export interface StaffMember {
  account: string
  name: string
  unit: string
}

export interface VillageCount {
  area: string
  region_name: string
  total: number
  open: number
  done: number
  cannot: number
}

/** Somebody who was chosen and to whom the order does not go; of an open task of the kind its title and day. */
export interface LeftOut {
  household: string
  head_name: string
  why: 'inactive' | 'category' | 'other_worker' | 'visited' | 'task' | 'elsewhere'
  title: string
  due_on: string
}

/** To whom an order would go. */
export interface OrderCount {
  total: number
  villages: VillageCount[]
  left_out: LeftOut[]
}

export interface VisitOrder extends CaseFile {
  title: string
  note: string
  task_kind: string
  tasks_due: string
  to: Values
  by: string
  total: number
  villages?: VillageCount[]
}

export interface OrderOptions extends FileOptions {
  kinds: Choice[]
  categories: Choice[]
  social_workers: StaffMember[]
  most: number
}

/** A household in the order in which to see them, with each point explained. */
export interface Suggestion {
  household: string
  head_name: string
  region_name: string
  last_visited: string
  points: number
  reasons: { code: string; label: string; clause: string; points: number; times: number }[]
}

export interface Contract extends CaseFile {
  provider: string
  credit_code: string
  contact: string
  phone: string
  number: string
  from: string
  to: string
  quotas: { service: string; times: number }[]
  staff: { account: string; name: string; from: string; until: string }[]
  services?: { service: string; label: string; quota: number; used: number; left: number; over: number; short: boolean }[]
  workers?: { account: string; name: string; households: number; used: number }[]
  homes?: { household: string; head_name: string; account: string; from: string }[]
}

export interface ContractOptions extends FileOptions {
  services: Choice[]
  social_workers: StaffMember[]
}
