/** 预警 and its disposition. */
import type { SyncedRecord } from './shared'

export type Warning = SyncedRecord & {
  household: string
  member?: string
  indicator: string
  level: string
  title: string
  evidence?: unknown
  state: string
  due_on?: string
  reason?: string
  handled_by?: string
  handled_on?: string
  head_name?: string
  region_name?: string
  steps?: WarningChoice[]
}

/** A step that may be taken with a warning in its state (分类精细处置). */
export interface WarningChoice {
  action: string
  label: string
  /** What must be said: `reason`, `department`. */
  needs: string[]
  /** It leads to a deadline, which may be set; else the county's days count. */
  due: boolean
}

export interface WarningStep {
  action: string
  reason?: string
  department?: string
  due_on?: string
}

/** What a step came to; `offers` are procedures that the household may go into after an end. */
export interface Disposed {
  warning: string
  state: string
  due_on: string
  task: string
  offers: string[]
}
