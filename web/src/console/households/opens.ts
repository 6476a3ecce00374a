/** What parts of the household's page open on it. */
import type { InjectionKey } from 'vue'

export interface AskedField {
  type: string
  record: string
  field: string
  whose?: string
}

export const openHistory: InjectionKey<(asked: AskedField) => void> = Symbol('openHistory')
