// How often a passphrase may be guessed. Counted before each try and kept on disk,
// so that neither a reload nor a killed browser gives one back.
import type { VaultRow } from './vault'

/** After so many wrong tries only the account's password opens the tablet. */
export const maxTries = 10

const minuteMillis = 60_000
/** What the n-th wrong try in a row costs: the first four are slips of a finger. */
const waitMillis = [0, 0, 0, 0, 1, 1, 5, 15, 60].map((minutes) => minutes * minuteMillis)

export type TryState = { kind: 'open'; left: number } | { kind: 'wait'; untilMillis: number } | { kind: 'spent' }

export function tryState(row: Pick<VaultRow, 'failed' | 'notBefore'>, now: number): TryState {
  if (row.failed >= maxTries) return { kind: 'spent' }
  // A clock set back must not lock somebody out for longer than the longest wait.
  const longest = now + (waitMillis.at(-1) ?? 0)
  if (row.notBefore > now) return { kind: 'wait', untilMillis: Math.min(row.notBefore, longest) }
  return { kind: 'open', left: maxTries - row.failed }
}

/** To be stored before the passphrase is looked at. */
export function countTry<T extends Pick<VaultRow, 'failed' | 'notBefore'>>(row: T, now: number): T {
  const failed = row.failed + 1
  return { ...row, failed, notBefore: now + (waitMillis[failed - 1] ?? waitMillis.at(-1) ?? 0) }
}

export const clearTries = <T extends Pick<VaultRow, 'failed' | 'notBefore'>>(row: T): T => ({ ...row, failed: 0, notBefore: 0 })
