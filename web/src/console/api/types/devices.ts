/** Tablets. */
import type { Person } from './shared'

export interface DeviceRow {
  device: string
  name: string
  platform: string
  app?: string
  account: Person
  registered?: string
  last_seen?: string
  next_n?: number
  skew_ms?: number | null
  /** How many edits and pictures lie on it, as it told last; told '' it never did. */
  waiting?: number
  photos?: number
  told?: string
  revoked?: boolean | string | null
}
