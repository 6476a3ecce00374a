/** How a device stands: revoked, silent for long, or in use. */
import type { DeviceRow } from '../api/types'
import { instantOf } from '../time/time'

export type DeviceState = 'revoked' | 'silent' | 'active'

const SILENT_MILLIS = 7 * 24 * 3600 * 1000

export function deviceState(device: DeviceRow, now: Date): DeviceState {
  if (device.revoked) return 'revoked'
  const seen = instantOf(device.last_seen)
  return !seen || now.getTime() - seen.getTime() > SILENT_MILLIS ? 'silent' : 'active'
}

/** How many ops the server has taken from it: their numbers are dense from 1. */
export function opsReceived(device: DeviceRow): number {
  return Math.max(0, (device.next_n ?? 1) - 1)
}
