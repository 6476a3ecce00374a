// The client's part after a restore of the server (§8).
import { deviceOf, type SyncContext } from './context'
import { asProblem, type EpochNews } from './problem'

/** Adopts the new epoch; what the restored server lacks goes again with the next push. */
export async function recoverEpoch(context: SyncContext, news: EpochNews): Promise<void> {
  await context.store.adoptEpoch(news.epoch)
  if (news.nextN !== null) await context.store.rewindTo(news.nextN)
}

/** Reports what the server lacks and nobody here holds any more; false if there is nothing to report. */
export async function reportLost(context: SyncContext): Promise<boolean> {
  const { id, epoch, lost } = await deviceOf(context)
  if (lost === undefined) return false
  try {
    await context.api.lost({ device: id, epoch, ...lost })
  } catch (error) {
    // It was told already, or the server knows better: the next push shows from where to go on.
    if (asProblem(error).code !== 'invalid') throw error
  }
  await context.store.lossTold()
  return true
}
