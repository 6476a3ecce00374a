/**
 * Who is at the desk. The token lives in this browser tab's sessionStorage: it
 * survives a reload, not the closing of the tab, and never stands in a URL.
 */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { deskOf } from './roles'

export interface Account {
  id: string
  email?: string
  name: string
  role: string
  role_label?: string
  area_names?: string[]
  scope?: { areas?: string[]; households?: string[] }
}

export type EndReason = 'expired' | 'idle' | 'signedOut'

interface Stored {
  token: string
  account: Account
}

const KEY = 'doorstep.console.session'

export const useSession = defineStore('session', () => {
  const stored = ref<Stored | null>(read())
  const ended = ref<EndReason | null>(null)

  const token = computed(() => stored.value?.token ?? null)
  const account = computed(() => stored.value?.account ?? null)
  const desk = computed(() => deskOf(account.value?.role))

  function begin(next: Stored) {
    stored.value = next
    ended.value = null
    sessionStorage.setItem(KEY, JSON.stringify(next))
  }

  function end(reason: EndReason) {
    stored.value = null
    ended.value = reason
    sessionStorage.removeItem(KEY)
  }

  return { token, account, desk, ended, begin, end }
})

function read(): Stored | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Stored | null
    return value && typeof value.token === 'string' && value.account ? value : null
  } catch {
    return null
  }
}
