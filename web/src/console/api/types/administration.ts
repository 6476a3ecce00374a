/** The county's own administration: divisions, accounts, first loads. */

export interface RegionItem {
  code: string
  name: string
  short: string
  state: 'open' | 'merged' | 'closed'
  successor: string
  successor_name: string
  households: number
  accounts: number
}

export interface RegionChange {
  deed: 'add' | 'rename' | 'merge' | 'close'
  was: string
  becomes: string
  at: string
  by: string
  reason: string
}

export interface RegionOrder {
  code: string
  deed: RegionChange['deed']
  name?: string
  into?: string
  reason: string
}

export interface AccountItem {
  id: string
  login: string
  name: string
  role: string
  role_label: string
  office: string
  office_name: string
  department: string
  areas: string[]
  area_names: string[]
  disabled: boolean
  slip: string
  last_seen: string
  kept: boolean
}

export interface AccountOrder {
  id?: string
  login?: string
  name: string
  role: string
  office: string
  department: string
  areas: string[]
  disabled: boolean
}

export interface AccountOptions {
  roles: { value: string; label: string; digits: number }[]
  departments: string[]
}

/** Shown once; the server keeps no passphrase. */
export interface Slip {
  account: string
  login: string
  name: string
  office_name: string
  passphrase: string
}

export interface LoadReport {
  batch: string
  kind: string
  state: 'dry' | 'done' | 'failed' | 'known'
  rows: number
  bad: number
  created: Record<string, number>
  filled: number
  differs: number
  faults: { line: number; column: string; code: string; reason: string }[]
  error: string
}
