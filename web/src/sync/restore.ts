// The client's part after a restore of the server (§8).
import { deviceOf, type SyncContext } from './context'
import type { EpochNews } from './problem'

/** Adopts the new epoch, and sends again what the restored server lacks. */
export async function recoverEpoch(context: SyncContext, news: EpochNews): Promise<void> {
  await context.store.adoptEpoch(news.epoch)
  if (news.nextN !== null) await rewind(context, news.nextN)
}

/** The server lacks ops from nextN on: they go again; those no longer here are reported lost. */
export async function rewind(context: SyncContext, nextN: number): Promise<void> {
  const gap = await context.store.rewindTo(nextN)
  if (gap === null) return
  const device = await deviceOf(context)
  await context.api.lost({ device: device.id, epoch: device.epoch, ...gap })
}
