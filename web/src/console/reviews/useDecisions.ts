/**
 * Accepting and returning. The server decides who was first: what somebody else
 * decided meanwhile stays on the screen, marked, and is never overwritten.
 */
import { ElMessage } from 'element-plus'
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { failureText, hasCode } from '../api/failure'
import { useApi } from '../api/provide'
import { useLive } from '../live/live'
import { inChunks, readBatch, type Batch } from './batch'

export interface DecisionEffects {
  /** Decided here: they leave the list. */
  settle(ops: string[]): void
  /** Decided elsewhere: they stay, marked. */
  markGone(op: string): void
}

export function useDecisions(effects: DecisionEffects) {
  const { t } = useI18n()
  const api = useApi()
  const live = useLive()
  const busy = ref(false)
  const returning: Ref<string | null> = ref(null)
  const returnFailure = ref('')

  async function run(work: () => Promise<void>) {
    if (busy.value) return
    busy.value = true
    try {
      await work()
    } finally {
      busy.value = false
      void live.loadCounts(api)
    }
  }

  const accept = (op: string) =>
    run(async () => {
      try {
        await api.acceptReview(op)
        effects.settle([op])
        ElMessage.success({ message: t('reviews.accepted'), grouping: true })
      } catch (error) {
        if (hasCode(error, 'decided')) effects.markGone(op)
        ElMessage.error({ message: failureText(error), grouping: true })
      }
    })

  const acceptSeveral = (ops: string[]) =>
    run(async () => {
      try {
        const batches: Batch[] = []
        for (const chunk of inChunks(ops)) batches.push(readBatch(chunk, await api.acceptReviews(chunk)))
        const accepted = batches.flatMap((batch) => batch.accepted)
        const decided = batches.flatMap((batch) => batch.decided)
        const failed = batches.flatMap((batch) => batch.failed)
        effects.settle(accepted)
        decided.forEach(effects.markGone)
        const parts = [t('reviews.acceptedSeveral', { n: accepted.length })]
        if (decided.length) parts.push(t('reviews.someDecided', { n: decided.length }))
        if (failed.length) parts.push(t('reviews.someFailed', { n: failed.length }))
        const type = decided.length + failed.length > 0 ? 'warning' : 'success'
        ElMessage({ type, message: parts.join(t('value.clauses')) })
      } catch (error) {
        ElMessage.error({ message: failureText(error), grouping: true })
      }
    })

  function askReturn(op: string) {
    returnFailure.value = ''
    returning.value = op
  }

  const sendReturn = (reason: string) =>
    run(async () => {
      const op = returning.value
      if (!op) return
      try {
        await api.returnReview(op, reason)
        returning.value = null
        effects.settle([op])
        ElMessage.success({ message: t('reviews.returned'), grouping: true })
      } catch (error) {
        returnFailure.value = failureText(error)
        // What was written stays where it is: the dialog says that it was too late.
        if (hasCode(error, 'decided')) effects.markGone(op)
      }
    })

  return { busy, accept, acceptSeveral, returning, returnFailure, askReturn, sendReturn }
}
