// A form in the making: reactive, saved at each change, restored when the page
// comes back (after a killed browser, too). Nothing is kept of a form in which
// nothing was entered.
import { onScopeDispose, reactive, ref, toRaw, watch, type Ref } from 'vue'
import type { Store } from '@/store/store'
import { markClean, markDirty } from './dirty'

export interface DraftForm<T extends object> {
  form: T
  id: string
  /** True when it goes on with what was begun before. */
  resumed: boolean
  /** Set when the device could not keep the draft: the form says so. */
  failed: Ref<boolean>
  /** True once everything entered so far is on disk. */
  kept: Ref<boolean>
  /** Waits until everything entered so far is on disk. */
  saved: () => Promise<void>
  discard: () => Promise<void>
  /** The page is left, the draft stays: it is dirty no more once all is on disk. */
  leave: () => Promise<void>
  /** Ends the draft with the form's commit: nothing typed meanwhile brings it back. */
  endWith: (commit: () => Promise<void>) => Promise<void>
}

export interface DraftPlace {
  id: string
  kind: string
  household: string
}

export async function openDraft<T extends object>(store: Store, place: DraftPlace, fresh: () => Promise<T>, now: () => number): Promise<DraftForm<T>> {
  const known = await store.drafts.get<T>(place.id)
  const form = reactive(known === undefined ? await fresh() : await completed(known.body, fresh)) as T
  const failed = ref(false)
  const kept = ref(true)
  let finished = false
  let again = false
  let saving: Promise<void> | null = null

  const write = async (): Promise<void> => {
    do {
      again = false
      const body = JSON.parse(JSON.stringify(toRaw(form))) as T
      try {
        await store.drafts.save({ ...place, updated: now(), body })
        failed.value = false
      } catch (error) {
        console.error('draft', error)
        failed.value = true
      }
    } while (again && !finished)
    kept.value = !failed.value
  }
  const save = (): void => {
    if (finished) return
    markDirty(place.id)
    kept.value = false
    if (saving !== null) again = true
    else saving = write().finally(() => (saving = null))
  }
  const unwatch = watch(form, save, { deep: true, flush: 'sync' })
  onScopeDisposeIfAny(unwatch)
  const saved = async (): Promise<void> => {
    while (saving !== null) await saving
  }
  return {
    ...{ form, id: place.id, resumed: known !== undefined, failed, kept, saved },
    discard: async () => {
      finished = true
      unwatch()
      await saved()
      await store.drafts.drop(place.id)
      markClean(place.id)
    },
    leave: async () => {
      await saved()
      if (!failed.value) markClean(place.id)
    },
    endWith: async (commit) => {
      finished = true
      await saved()
      try {
        await commit()
        unwatch()
        markClean(place.id)
      } catch (error) {
        finished = false
        save()
        throw error
      }
    },
  }
}

/** A draft of an older app lacks what forms have gained since: as a fresh form has it. */
async function completed<T extends object>(body: T, fresh: () => Promise<T>): Promise<T> {
  // Where no fresh form can be made (the household left), what was kept is all there is.
  return { ...(await fresh().catch(() => ({}))), ...body }
}

/** Forms are opened in async setup, where the scope may be gone already. */
function onScopeDisposeIfAny(stop: () => void): void {
  try {
    onScopeDispose(stop, true)
  } catch {
    // Without a scope the watcher ends with the page.
  }
}
