/** What the county sets by date, its indicators, the working calendar and the nightly round. */
import type { Person } from './shared'

export type ParameterValue = number | boolean | string

export interface ParameterSetting {
  from: string
  value: ParameterValue
  note: string
  by: Person
  at: string
}

export interface Parameter {
  area: string
  area_label: string
  group: string
  key: string
  label: string
  unit: string
  clause: string
  example: boolean
  kind: 'number' | 'switch' | 'level'
  low: number
  high: number
  default: ParameterValue
  value: ParameterValue
  /** '': the county has set none, the default stands. */
  from: string
  /** The first day from which something may be set; '' any. */
  earliest: string
  history: ParameterSetting[]
}

export interface NewSetting {
  area: string
  key: string
  from: string
  value: ParameterValue
  note: string
}

export interface IndicatorItem {
  code: string
  title: string
  family_label: string
  clause: string
  sources: { code: string; label: string }[] | null
  reach: string
  level: string
  on: boolean
  own: boolean
  expression?: string
  clears_itself: boolean
  params: { key: string; label: string; unit: string; value: number }[]
  precision: { raised: number; open: number; delivered: number; ended: number; no_help: number; unconfirmed: number; cleared: number; share: number | null }
}

export interface OwnIndicator {
  code: string
  title: string
  level: string
  reach: string
  expression: string
  note: string
}

/** What an expression may ask about. */
export interface Environment {
  fields: { name: string; label: string; type: string }[]
  functions: string[]
  longest: number
  most: number
}

export interface Trial {
  expression: string
  households: number
  found: number
  examples: { household: string; head_name: string; region_name: string }[]
}

export interface Round {
  begun: string
  ended: string
  why: string
  running: boolean
  households: number
  raised: number
  joined: number
  cleared: number
  reminded: number
  escalated: number
  error: string
}

export interface CalendarDay {
  from: string
  to: string
  name: string
  worked: boolean
}
