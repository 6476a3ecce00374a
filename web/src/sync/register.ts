// Registration of this installation, and registering anew (§3.3, §8) where its
// number line is no longer the server's.
import type { DeviceState } from '@/store/meta'
import { deviceOf, noteServerTime, type SyncContext } from './context'

export async function ensureDevice(context: SyncContext): Promise<DeviceState> {
  const known = await context.store.meta.get('device')
  if (known !== undefined) return known
  await register(context)
  return deviceOf(context)
}

async function register(context: SyncContext): Promise<void> {
  const answer = await context.api.register(context.describe())
  await context.store.adoptDevice(answer)
  await noteServerTime(context, answer.server_time)
}

/**
 * A new device for this installation: its storage was rolled back or cloned, or the
 * server does not know it. Open ops go again under the new number line with their
 * ids; `all`: accepted ones, too, because the server that knew them is gone.
 */
export async function registerAnew(context: SyncContext, all: boolean): Promise<void> {
  const { epoch } = await deviceOf(context)
  await register(context)
  await context.store.outbox.reissue(all || (await deviceOf(context)).epoch !== epoch)
  await context.store.restartPull()
}
