/** While the shell is open: ends an idle session, and renews a token in the second half of its life. */
import { onMounted, onUnmounted, ref } from 'vue'
import { useClient } from '../api/provide'
import { watchIdle } from './idle'
import { IDLE_MINUTES, IDLE_WARNING_MINUTES, RENEW_CHECK_MINUTES } from './limits'
import { expiryOf, useSession } from './session'
import { renew } from './signIn'

const MINUTE = 60_000

export function useKeptSession() {
  const session = useSession()
  const client = useClient()
  const idleSoon = ref(false)
  const began = Date.now()
  let idle: { stop(): void } | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  async function renewIfOld() {
    const expiry = session.token && expiryOf(session.token)
    if (!expiry || Date.now() < (began + expiry) / 2) return
    try {
      const { token, record } = await renew(client)
      session.begin({ token, account: record })
    } catch {
      // a refused token ended the session in the client already; anything else is tried again
    }
  }

  onMounted(() => {
    timer = setInterval(renewIfOld, RENEW_CHECK_MINUTES * MINUTE)
    idle = watchIdle({
      target: window,
      now: Date.now,
      idleMillis: IDLE_MINUTES * MINUTE,
      warnMillis: IDLE_WARNING_MINUTES * MINUTE,
      onSoon: (soon) => (idleSoon.value = soon),
      onIdle: () => session.end('idle'),
    })
  })
  onUnmounted(() => {
    clearInterval(timer)
    idle?.stop()
  })

  return { idleSoon }
}
