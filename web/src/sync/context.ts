// What the sync functions are given: everything that touches the world is an argument.
import type { Store } from '@/store/store'
import type { DeviceState } from '@/store/meta'
import type { Api } from './api'
import { SyncProblem } from './problem'
import type { LockedOp } from '@/store/outbox'
import type { SealedOp } from './wire'

export interface DeviceDescription {
  name: string
  platform: string
  app: string
}

export interface SyncContext {
  store: Store
  api: Api
  now: () => number
  random: () => number
  describe: () => DeviceDescription
  /** The tablet is locked: ops go as they lie, sealed to the server. */
  locked?: { pack: (op: LockedOp) => SealedOp }
}

export async function deviceOf(context: SyncContext): Promise<DeviceState> {
  const device = await context.store.meta.get('device')
  if (device === undefined) throw new SyncProblem('unregistered', 'the device is not registered yet')
  return device
}

/** How far this device's clock is off, as far as one answer tells; it decides nothing. */
export async function noteServerTime(context: SyncContext, serverTime: string): Promise<void> {
  const server = Date.parse(serverTime)
  if (Number.isFinite(server)) await context.store.meta.noteSync({ skewMillis: context.now() - server })
}
