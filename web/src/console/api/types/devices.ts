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
  revoked?: boolean | string | null
}
