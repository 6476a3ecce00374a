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

const ORDER: Record<DeviceState, number> = { silent: 0, active: 1, revoked: 2 }

/** Who needs a call first: silent tablets, the longest silent at the top; then those in use, what was heard last first; the lost last. */
export function byNeed(now: Date): (a: DeviceRow, b: DeviceRow) => number {
  const seen = (device: DeviceRow) => instantOf(device.last_seen)?.getTime() ?? 0
  return (a, b) => {
    const [one, other] = [deviceState(a, now), deviceState(b, now)]
    if (one !== other) return ORDER[one] - ORDER[other]
    return one === 'silent' ? seen(a) - seen(b) : seen(b) - seen(a)
  }
}

const numbers = (version: string): number[] => version.split(/[^0-9]+/).filter(Boolean).map(Number)

/** The newest version that any tablet in use has; '' nobody told one. */
export function newestApp(devices: readonly DeviceRow[]): string {
  return devices.map((device) => device.app ?? '').reduce((best, each) => (best === '' || isOlder(best, each) ? each : best), '')
}

/** Whether a version is behind another, number by number. One that nobody told is behind none. */
export function isOlder(version: string | undefined, newest: string): boolean {
  if (!version) return false
  const [mine, theirs] = [numbers(version), numbers(newest)]
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    const by = (mine[at] ?? 0) - (theirs[at] ?? 0)
    if (by !== 0) return by < 0
  }
  return false
}
