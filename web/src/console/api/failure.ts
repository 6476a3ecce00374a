/** An error in words for the person at the desk. The server's own sentence is used where no code says it better. */
import { say } from '../i18n'
import { ApiError } from './client'

const KNOWN = new Set([
  'network', 'unauthenticated', 'forbidden', 'not_found', 'busy', 'decided', 'case_moved', 'storage_full', 'read_only',
  'server', 'unreadable', 'invalid',
])

export function failureText(error: unknown): string {
  if (!(error instanceof ApiError)) return say('error.other', { message: String(error) })
  if (KNOWN.has(error.code)) return say(`error.${error.code}`, { message: error.message })
  return say('error.other', { message: error.message })
}

export const hasCode = (error: unknown, code: string): boolean => error instanceof ApiError && error.code === code
