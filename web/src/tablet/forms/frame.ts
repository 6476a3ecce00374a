// What every form does alike: open its draft, check, save as one commit, say so,
// leave; or be thrown away after asking. A screen says what is its own.
import { computed, nextTick, onMounted, onUnmounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { useI18n } from 'vue-i18n'
import { showToast } from 'vant'
import { asProblem } from '@/sync/problem'
import type { Commit } from '@/store/store'
import { now, syncNow, theStore } from '../app'
import { confirm } from '../parts/confirm'
import { openDraft, type DraftForm, type DraftPlace } from './draft'
import { leaveForm } from './leave'

export interface FormOwn<T extends object, F> {
  place: DraftPlace
  fresh: () => Promise<T>
  /** What is wrong, or null. */
  check: (form: T) => F | null
  commit: (form: T) => Commit
  /** The i18n area of its texts: `<area>.saved`, `<area>.discard_ask`. */
  texts: string
  /** What is said after saving, where it is more than "saved". */
  said?: (commit: Commit) => string
  /** Where to go from a form that was saved, or thrown away. */
  leave?: (saved: boolean) => Promise<void>
}

export interface FormFrame<T extends object, F> {
  opened: ShallowRef<DraftForm<T> | null>
  form: ComputedRef<T | null>
  faults: Ref<F | null>
  /** The i18n key of why it could not be saved. */
  problem: Ref<string>
  saving: Ref<boolean>
  save: () => Promise<void>
  discard: () => Promise<void>
}

export function useForm<T extends object, F>(own: FormOwn<T, F>): FormFrame<T, F> {
  const { t } = useI18n()
  const router = useRouter()
  const opened = shallowRef<DraftForm<T> | null>(null)
  const form = computed(() => opened.value?.form ?? null)
  const faults = ref(null) as Ref<F | null>
  const problem = ref('')
  const saving = ref(false)
  const leave = own.leave ?? (() => leaveForm(router, own.place.household))

  onMounted(async () => {
    opened.value = await openDraft(theStore(), own.place, own.fresh, now).catch(async (error) => {
      console.warn('form', error) // what it is about has left this tablet meanwhile
      await router.replace(own.place.household === '' ? '/' : `/households/${own.place.household}`)
      return null
    })
  })
  onUnmounted(() => void opened.value?.leave())
  /** What was marked is looked at again with every keystroke: mended, the mark goes. */
  watch(form, (value) => {
    if (faults.value !== null && value !== null) faults.value = own.check(value)
  }, { deep: true })

  async function save(): Promise<void> {
    const kept = opened.value
    if (kept === null || saving.value) return
    faults.value = own.check(kept.form)
    problem.value = ''
    if (faults.value !== null) return showFault()
    saving.value = true
    try {
      const commit = own.commit(kept.form)
      await kept.endWith(() => theStore().commit(commit))
      showToast({ message: own.said?.(commit) ?? `${t(`${own.texts}.saved`)}\n${t('form.saved_hint')}`, position: 'top' })
      syncNow()
      await leave(true)
    } catch (error) {
      console.error(own.texts, error)
      problem.value = asProblem(error).code === 'quota' ? 'form.quota' : 'form.not_saved'
    } finally {
      saving.value = false
    }
  }

  async function discard(): Promise<void> {
    const question = { title: t(`${own.texts}.discard_ask`), message: t('form.discard_text') }
    const sure = await confirm({ ...question, yes: t('form.discard_yes'), no: t('form.discard_no') })
    if (!sure || opened.value === null) return
    await opened.value.discard()
    await leave(false)
  }

  return { opened, form, faults, problem, saving, save, discard }
}

async function showFault(): Promise<void> {
  await nextTick()
  document.querySelector('main .fault, main [data-fault]')?.scrollIntoView({ block: 'center', behavior: 'smooth' })
}
