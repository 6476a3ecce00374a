/** The decision on a case: what may be chosen, and the request that carries it. Pure. */
import type { CaseItem, Resolution } from '../api/types'
import { isEmpty } from '../schema/format'

export interface Draft {
  choice: Resolution['choice'] | null
  /** For `device`: which of the device's edits. */
  op: string | null
  value: unknown
  reason: string
}

/** The value of a resolution that says: these are two people. */
export const DISTINCT = 'distinct'

export const emptyDraft = (): Draft => ({ choice: null, op: null, value: null, reason: '' })

/** What is missing, as the key of the sentence that says so; null when the draft is whole. */
export function missingIn(draft: Draft, kind: CaseItem['kind']): string | null {
  if (draft.choice === null) return 'cases.choiceEmpty'
  if (draft.choice === 'value' && kind === 'field' && isEmpty(draft.value)) return 'cases.ownEmpty'
  if (draft.reason.trim() === '') return 'cases.reasonEmpty'
  return null
}

/**
 * The request. It names the revision and the version that the reviewer had before
 * their eyes, so that a decision made on an older state is refused (§3.7).
 */
export function resolutionOf(seen: CaseItem, draft: Draft): Resolution {
  if (draft.choice === null) throw new Error('a resolution needs a choice')
  const resolution: Resolution = {
    choice: draft.choice, reason: draft.reason.trim(), expect_rev: seen.rev, expect_version: seen.version,
  }
  if (draft.choice === 'device') resolution.op = draft.op ?? seen.device.at(-1)?.op
  if (draft.choice === 'value') resolution.value = seen.kind === 'duplicate' ? DISTINCT : draft.value
  return resolution
}

/** Between a delete and an edit there is no third value. */
export function mayChoose(kind: CaseItem['kind'], choice: Resolution['choice']): boolean {
  return choice !== 'value' || kind !== 'delete'
}

/** A decision can be undone by another one, but two people made one stay one. */
export function mayDecideAgain(item: CaseItem): boolean {
  return item.state === 'resolved' && item.kind !== 'duplicate'
}

/** The case moved under the reader's eyes: another revision or version than the one shown. */
export function hasMoved(seen: CaseItem, now: CaseItem): boolean {
  return seen.rev !== now.rev || seen.version !== now.version
}
