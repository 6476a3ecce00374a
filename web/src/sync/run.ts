// One run of the synchronisation: register, schema, push, pull. Photos have a
// queue and a run of their own (photos.ts).
import type { SyncContext } from './context'
import { asProblem, SyncProblem } from './problem'
import { pullAll } from './pull'
import { pushAll } from './push'
import { ensureDevice } from './register'
import { appSchema } from './wire'
import type { PullState } from '@/store/meta'

export type Phase = 'registering' | 'pushing' | 'pulling'

export interface RunReport {
  problem: SyncProblem | null
  wipe: boolean
}

export interface RunWatcher {
  phase?: (phase: Phase) => void
  page?: (pull: PullState) => void
}

export async function runOnce(context: SyncContext, watcher: RunWatcher = {}): Promise<RunReport> {
  const { meta } = context.store
  await meta.noteSync({ lastTry: context.now() })
  const report: RunReport = { problem: null, wipe: false }
  try {
    watcher.phase?.('registering')
    await ensureDevice(context)
    await refreshSchema(context)
    report.wipe = await exchange(context, watcher)
    await meta.noteSync({ lastSync: context.now(), problem: null, revoked: false, outdated: false })
  } catch (error) {
    report.problem = asProblem(error)
    await noteProblem(context, report)
  }
  return report
}

/** How often one run may begin anew because the server was restored. */
const restarts = 3

/** Push, then pull; true if the server ordered to wipe. */
async function exchange(context: SyncContext, watcher: RunWatcher): Promise<boolean> {
  for (let attempt = 0; attempt < restarts; attempt++) {
    watcher.phase?.('pushing')
    if ((await pushAll(context)).wipe) return true
    watcher.phase?.('pulling')
    if ((await pullAll(context, watcher.page)) === 'exhausted') return false
  }
  throw new SyncProblem('no_progress', 'sync: the server changed its epoch again and again')
}

/** The schema is asked for at each run, and the last one kept serves until then. */
async function refreshSchema(context: SyncContext): Promise<void> {
  const known = await context.store.meta.get('schema')
  try {
    const schema = await context.api.schema()
    // A newer table is not what this build's forms are written for: they keep the one they know.
    if (known !== undefined && known.schema <= appSchema && schema.schema > appSchema) return
    if (JSON.stringify(schema) !== JSON.stringify(known)) await context.store.meta.set('schema', schema)
  } catch (error) {
    const problem = asProblem(error)
    // A revoked or outdated device goes on to push with the schema it has.
    const goesOn = known !== undefined && (problem.code === 'device_revoked' || problem.code === 'upgrade_required')
    if (!goesOn) throw problem
  }
}

async function noteProblem(context: SyncContext, report: RunReport): Promise<void> {
  const problem = report.problem
  if (problem === null) return
  const { meta } = context.store
  if (problem.code === 'upgrade_required') await meta.noteSync({ outdated: true })
  if (problem.code === 'device_revoked') {
    await meta.noteSync({ revoked: true })
    // Push-only from now on: hand in the rest, and learn whether to wipe.
    report.wipe = await pushAll(context).then(
      (pushed) => pushed.wipe,
      () => false,
    )
  }
  await meta.noteSync({ problem: problem.code })
}
