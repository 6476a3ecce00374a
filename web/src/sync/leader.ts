// One leader among the tabs of an account: whoever holds the Web Lock syncs, the
// others ask it to and hear from it what goes on.
import type { LoopState, SyncRequest } from './loop'

export type TabMessage = { kind: 'request'; asked?: SyncRequest } | { kind: 'ask' } | { kind: 'state'; state: LoopState }

/** What of the browser leadership needs; tests give their own. */
export interface TabPorts {
  locks: Pick<LockManager, 'request'> | undefined
  channel: (name: string) => Pick<BroadcastChannel, 'postMessage' | 'close'> & { onmessage: ((event: MessageEvent) => void) | null }
}

export interface Leadership {
  isLeader: () => boolean
  send: (message: TabMessage) => void
  stop: () => void
}

export function joinTabs(
  name: string,
  ports: TabPorts,
  on: { lead: () => void; message: (message: TabMessage) => void },
): Leadership {
  const channel = ports.channel(name)
  const stopped = new AbortController()
  let leads = false
  let release = (): void => {}
  channel.onmessage = (event) => on.message(event.data as TabMessage)
  const lead = (): Promise<void> => {
    if (stopped.signal.aborted) return Promise.resolve()
    leads = true
    on.lead()
    return new Promise((resolve) => (release = resolve))
  }
  if (ports.locks === undefined) void lead()
  else ports.locks.request(name, { signal: stopped.signal }, lead).catch(() => {})
  return {
    isLeader: () => leads,
    send: (message) => channel.postMessage(message),
    stop: () => {
      leads = false
      stopped.abort()
      release()
      channel.close()
    },
  }
}
