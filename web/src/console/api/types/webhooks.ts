/** Departments' systems, and what they were told. */

export interface WebhookTarget {
  department: string
  url: string
  enabled: boolean
  /** How many keys sign: two while one is exchanged. */
  keys: number
  changed: string
  waiting: number
  failed: number
  delivered: string
}

export interface WebhookMessage {
  id: string
  department: string
  event: string
  referral: string
  made: string
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  next_at: string
  ended: string
  last_at: string
  status: number
  fault: string
  millis: number
}
