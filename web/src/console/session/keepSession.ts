/** While the shell is open: ends an idle session, here and on the server, and renews the token of one that is not. */
import { onMounted, onUnmounted, ref } from 'vue'
import { useApi, useClient } from '../api/provide'
import { watchIdle } from './idle'
import { IDLE_MINUTES, IDLE_WARNING_MINUTES, RENEW_MINUTES } from './limits'
import { useSession } from './session'
import { renew } from './signIn'

const MINUTE = 60_000

export function useKeptSession() {
  const session = useSession()
  const client = useClient()
  const api = useApi()
  const idleSoon = ref(false)
  let idle: { stop(): void } | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  async function renewed() {
    try {
      const { token, record } = await renew(client)
      if (session.token) session.begin({ token, account: record })
    } catch {
      // a refused token ended the session in the client already; anything else is tried again
    }
  }

  /** The server is told first, by the token that ends; a network that is away keeps nobody here. */
  async function leave(reason: 'idle' | 'signedOut') {
    const told = api.signOut().catch(() => undefined)
    session.end(reason)
    await told
  }

  onMounted(() => {
    timer = setInterval(renewed, RENEW_MINUTES * MINUTE)
    idle = watchIdle({
      target: window,
      now: Date.now,
      idleMillis: IDLE_MINUTES * MINUTE,
      warnMillis: IDLE_WARNING_MINUTES * MINUTE,
      onSoon: (soon) => (idleSoon.value = soon),
      onIdle: () => void leave('idle'),
    })
  })
  onUnmounted(() => {
    clearInterval(timer)
    idle?.stop()
  })

  return { idleSoon, leave }
}
