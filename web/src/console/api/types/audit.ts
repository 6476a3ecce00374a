/** The audit log, and what a check of its chain found. */

export interface AuditLine {
  number: number
  at: string
  account: string
  name: string
  role: string
  role_label: string
  device: string
  device_name: string
  origin: string
  action: string
  label: string
  group: string
  subject: string
  /** The subject, where it is a household. */
  household: string
  head_name: string
  outcomes: Record<string, number>
  detail: string
}

export interface AuditGroup {
  group: string
  label: string
}

export interface ChainReport {
  at: string
  millis: number
  ops: number
  archived: number
  audit: number
  intact: boolean
  fault: string
}

export interface AuditQuestion {
  who?: string
  group?: string
  from?: string
  to?: string
  household?: string
  result?: string
}
