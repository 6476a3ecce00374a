// A locked tablet hands over what waits, without being able to read it: ops as they
// lie, sealed to the server (docs/protocol.md, C.12). Pictures and drafts are not
// sealed op by op; what of them stays is told.
import { isSealed } from '@/crypto/codec'
import { base64url } from '@/crypto/bytes'
import type { LockedOp } from '@/store/outbox'
import type { SyncContext } from './context'
import { SyncProblem } from './problem'
import { pushAll } from './push'
import type { SealedOp } from './wire'

export interface HandOver {
  wipe: boolean
  ops: number
  photos: number
  drafts: number
}

/** An op as the sealed route takes it; one of before the server's key was known has no such form. */
export function packLocked({ n, id, stored }: LockedOp): SealedOp {
  if (!isSealed(stored) || !stored.handover) throw new SyncProblem('unsealed', `op ${n} was made before the server's key was known`)
  return { n, id, key: base64url(stored.handover.key), data: base64url(stored.data) }
}

/** Hands over all it can; what is left is counted. */
export async function handOver(context: SyncContext): Promise<HandOver> {
  const { store } = context
  let wipe = false
  if ((await store.meta.get('device')) !== undefined) {
    const report = await pushAll({ ...context, locked: { pack: packLocked } }).catch((error: unknown) => {
      if (error instanceof SyncProblem && error.code === 'unsealed') return { pushed: 0, wipe: false }
      throw error
    })
    wipe = report.wipe
  }
  const [ops, photos, drafts] = await Promise.all([store.outbox.waiting(), store.photos.waiting(), store.db.drafts.count()])
  return { wipe, ops, photos, drafts }
}
