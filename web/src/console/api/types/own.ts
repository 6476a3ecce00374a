/** One's own account, and the sessions of those that one keeps. */
export interface SessionItem {
  id: string
  kind: 'desk' | 'tablet'
  agent: string
  origin: string
  began: string
  seen: string
  current: boolean
}

export interface Factor {
  /** '' : none */
  since: string
  recovery_left: number
}

export interface OwnAccount {
  id: string
  login: string
  name: string
  role_label: string
  factor: Factor
  factor_asked: boolean
  sessions: SessionItem[]
}

export interface AuthAnswer {
  token: string
  record: { id: string; email?: string; name: string; role: string; role_label?: string; area_names?: string[]; scope?: { areas?: string[]; households?: string[] } }
  meta?: { step?: 'password' | 'factor'; known?: string }
}

/** A new second factor: to be photographed, or typed. */
export interface FactorBegun {
  secret: string
  image: string
}

export interface FactorConfirmed {
  recovery: string[]
  token: string
}
