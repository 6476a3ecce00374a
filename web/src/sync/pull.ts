// Reading the feed (§3.4): page by page, each stored with its cursor in one
// transaction, so that an interrupted pull goes on where it was.
import type { Tells } from './api'
import { knowsBrief, wholePage } from './brief'
import { deviceOf, noteServerTime, type SyncContext } from './context'
import { asProblem, SyncProblem } from './problem'
import { registerAnew } from './register'
import { recoverEpoch } from './restore'
import type { PullState } from '@/store/meta'
import type { SealedPage } from '@/store/store'

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

/**
 * While a page is being stored the next one is asked for and sealed: one ahead, never
 * more. What a run that broke off had read ahead is asked for again: the cursor is kept
 * only in the transaction that stores what it covers.
 */
async function pullChain(context: SyncContext, onPage: (pull: PullState) => void): Promise<void> {
  const { store } = context
  const brief = knowsBrief(await store.meta.get('schema'))
  let from = await store.beginChain()
  let page = await readPage(context, brief, from.generation, from.cursor, await tellsOf(context))
  // One answer tells how far the clock is off, and is told before it has waited for anything.
  await noteServerTime(context, page.answer.server_time)
  let noted: number | null | undefined = null
  for (;;) {
    const { cursor, more, durable_seq: durableSeq } = page.answer
    const ahead = more ? readPage(context, brief, from.generation, cursor) : null
    // It fails in its turn, or for nobody, where this page is not stored.
    ahead?.catch(() => {})
    const applied = await store.applyPage(page, from)
    if (applied === null) return
    onPage(applied)
    // What a backup covers seldom changes within a chain; what the cursor has passed does at its end.
    if (ahead === null || durableSeq !== noted) await store.noteDurable(durableSeq)
    noted = durableSeq
    if (ahead === null) return
    page = await ahead
    from = applied
  }
}

/** What the office sees of this tablet: what is still to be sent after the push that went before. */
async function tellsOf(context: SyncContext): Promise<Tells> {
  const { store } = context
  const [waiting, photos] = await Promise.all([store.outbox.waiting(), store.photos.waiting()])
  return { waiting, photos, app: context.describe().app.slice(0, 40), clock: new Date(context.now()).toISOString() }
}

async function readPage(context: SyncContext, brief: boolean, generation: number, cursor: string | null, tells: Tells | null = null): Promise<SealedPage> {
  const device = await deviceOf(context)
  const answer = wholePage(await context.api.pull(device.id, cursor, brief, tells))
  if (answer.epoch !== device.epoch) {
    throw new SyncProblem('epoch_changed', 'pull: the server was restored', 409, null, { epoch: answer.epoch, nextN: null })
  }
  if (answer.more && answer.cursor === cursor) throw new SyncProblem('no_progress', 'pull: the cursor does not move')
  return context.store.sealPage(answer, generation)
}
