// Reading the feed (§3.4): page by page, each stored with its cursor in one
// transaction, so that an interrupted pull goes on where it was.
import { knowsBrief, wholePage } from './brief'
import { deviceOf, noteServerTime, type SyncContext } from './context'
import { asProblem, SyncProblem } from './problem'
import { registerAnew } from './register'
import { recoverEpoch } from './restore'
import type { PullState } from '@/store/meta'

/** Where the server was restored, what it lacks must be pushed before it is pulled (§8). */
export type PullEnd = 'exhausted' | 'push_first'

export async function pullAll(
  context: SyncContext,
  onPage: (pull: PullState) => void = () => {},
): Promise<PullEnd> {
  try {
    const resumed = (await context.store.meta.pull()).inChain
    await pullChain(context, onPage)
    // A chain that an earlier run began ends at that run's mark: what was pushed since lies behind it.
    if (resumed) await pullChain(context, onPage)
    return 'exhausted'
  } catch (error) {
    const problem = asProblem(error)
    if (problem.code === 'cursor_expired') {
      await context.store.restartPull()
      await pullChain(context, onPage)
      return 'exhausted'
    }
    if (problem.epochNews !== null) await recoverEpoch(context, problem.epochNews)
    else if (problem.code === 'not_found') await registerAnew(context, true)
    else throw problem
    return 'push_first'
  }
}

async function pullChain(context: SyncContext, onPage: (pull: PullState) => void): Promise<void> {
  const brief = knowsBrief(await context.store.meta.get('schema'))
  let from = await context.store.beginChain()
  for (;;) {
    const device = await deviceOf(context)
    const answer = wholePage(await context.api.pull(device.id, from.cursor, brief))
    if (answer.epoch !== device.epoch) {
      throw new SyncProblem('epoch_changed', 'pull: the server was restored', 409, null, { epoch: answer.epoch, nextN: null })
    }
    if (answer.more && answer.cursor === from.cursor) {
      throw new SyncProblem('no_progress', 'pull: the cursor does not move')
    }
    const applied = await context.store.applyPage(answer, from)
    if (!applied) return
    await noteServerTime(context, answer.server_time)
    await context.store.noteDurable(answer.durable_seq)
    from = await context.store.meta.pull()
    onPage(from)
    if (!answer.more) return
  }
}
