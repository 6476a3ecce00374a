// Handing in operations (§3.3): batches in n order until nothing is open.
import { knowsBrief, resultsOf } from './brief'
import { deviceOf, noteServerTime, type SyncContext } from './context'
import type { PushEnvelope } from './api'
import { gzip, canCompress } from './gzip'
import { asProblem, SyncProblem } from './problem'
import { registerAnew } from './register'
import { recoverEpoch, reportLost } from './restore'
import { pushLimits, type Op, type OpResult, type PushAnswer, type SealedOp } from './wire'
import type { DeviceState } from '@/store/meta'
import type { Batch } from '@/store/outbox'

export interface PushReport {
  pushed: number
  wipe: boolean
}

/** Rounds without progress after which a push gives up until the next run. */
const patience = 4

export async function pushAll(context: SyncContext): Promise<PushReport> {
  const report: PushReport = { pushed: 0, wipe: false }
  let limit: number = pushLimits.ops
  let idle = 0
  const refused = new Set<string>()
  for (;;) {
    const device = await deviceOf(context)
    const batch = await fit(await openBatch(context, device.id, limit))
    const { ops } = batch
    const revoked = (await context.store.meta.sync()).revoked
    const asks = revoked || device.doubt !== undefined || device.lost !== undefined
    if (ops.length === 0 && !asks) return report
    try {
      if (await reportLost(context)) continue
      const progress = await pushOnce(context, device, batch, report, refused)
      if (ops.length === 0 && !progress) return report
      idle = progress ? 0 : idle + 1
    } catch (error) {
      const problem = asProblem(error)
      if (problem.code === 'too_large' && ops.length > 1) limit = Math.max(1, Math.floor(ops.length / 2))
      else if (problem.epochNews !== null) await recoverEpoch(context, problem.epochNews)
      else if (problem.code === 'not_found') await registerAnew(context, true)
      else throw problem
      idle += problem.code === 'too_large' ? 0 : 1
    }
    if (idle >= patience) throw new SyncProblem('no_progress', `push: no op was accepted in ${patience} rounds`)
  }
}

async function openBatch(context: SyncContext, device: string, limit: number): Promise<Batch<Op | SealedOp>> {
  const { outbox } = context.store
  if (!context.locked) return outbox.batch(device, limit)
  const { schema, ops } = await outbox.lockedBatch(device, limit)
  return { schema, ops: ops.map(context.locked.pack) }
}

type Envelope = Omit<PushEnvelope, 'ops' | 'brief'>

async function send(context: SyncContext, envelope: Envelope, ops: readonly (Op | SealedOp)[]): Promise<PushAnswer> {
  if (context.locked) return context.api.pushSealed({ ...envelope, ops: ops as SealedOp[] })
  const open = { ...envelope, ops: ops as Op[] }
  return context.api.push(knowsBrief(await context.store.meta.get('schema')) ? { ...open, brief: true } : open)
}

/** One request; false if it moved nothing. */
async function pushOnce(
  context: SyncContext,
  device: DeviceState,
  batch: Batch<Op | SealedOp>,
  report: PushReport,
  refused: Set<string>,
): Promise<boolean> {
  const { schema, ops } = batch
  const first = ops[0]
  const last = ops[ops.length - 1]
  if (first && last) await context.store.outbox.markSent(device.id, first.n, last.n)
  const clock = new Date(context.now()).toISOString()
  const answer = await send(context, { device: device.id, epoch: device.epoch, schema, clock }, ops)
  const results = resultsOf(answer, ops)
  const moved = await context.store.outbox.record(results, context.now())
  report.pushed += moved
  report.wipe = answer.wipe === true
  await noteServerTime(context, answer.server_time)
  // Where the number line is another, the answer's durable_seq is of another history.
  if (await reconcile(context, answer, results, refused)) return true
  await context.store.noteDurable(answer.durable_seq)
  return moved > 0
}

/** Compares the server's number line with ours; true if something was put right. */
async function reconcile(
  context: SyncContext,
  answer: PushAnswer,
  results: readonly OpResult[],
  refused: Set<string>,
): Promise<boolean> {
  const device = await deviceOf(context)
  if (answer.epoch !== device.epoch) {
    await recoverEpoch(context, { epoch: answer.epoch, nextN: answer.next_n })
    return true
  }
  const mismatch = results.find((result) => !result.outcome && result.error?.code === 'op_mismatch')
  if (mismatch !== undefined) {
    // Refused under a new number line, too: its id means something else for ever. It
    // is put aside in sight, so that it holds up nothing behind it.
    if (refused.has(mismatch.id)) await context.store.outbox.record([{ ...mismatch, outcome: 'rejected' }], context.now())
    refused.add(mismatch.id)
  }
  if (mismatch !== undefined || answer.next_n > device.nextN) {
    await registerAnew(context, false)
    return true
  }
  const [open] = (await context.store.outbox.lockedBatch(device.id, 1)).ops
  const lacks = answer.next_n < (open?.n ?? device.nextN)
  if (lacks) await context.store.rewindTo(answer.next_n)
  if (device.doubt !== undefined) await context.store.endDoubt()
  if (device.doubt === 'history' && (await context.store.outbox.hasFormer(device.id))) {
    await registerAnew(context, true)
    return true
  }
  return lacks
}

const encoder = new TextEncoder()

/** The longest run of ops from the first that fits a request. */
async function fit<T extends Op | SealedOp>({ schema, ops }: Batch<T>): Promise<Batch<T>> {
  let bytes = 0
  let count = 0
  // Some room for the envelope.
  const room = pushLimits.bytes - 4096
  for (const op of ops) {
    bytes += encoder.encode(JSON.stringify(op)).byteLength + 1
    if (bytes > room && count > 0) break
    count++
  }
  let some = ops.slice(0, count)
  while (some.length > 1 && (await compressedBytes(some)) > pushLimits.compressedBytes - 4096) {
    some = some.slice(0, Math.ceil(some.length / 2))
  }
  return { schema, ops: some }
}

async function compressedBytes(ops: readonly (Op | SealedOp)[]): Promise<number> {
  const text = JSON.stringify(ops)
  // At most three bytes a character: what cannot exceed the limit needs no measuring.
  if (text.length * 3 < pushLimits.compressedBytes || !canCompress()) return encoder.encode(text).byteLength
  return (await gzip(text)).byteLength
}
