/**
 * Tells when nobody is at the desk any more: a screen left open shows what is
 * nobody else's business. Any key, click, wheel or move starts the time anew.
 */
export interface IdleOptions {
  target: EventTarget
  now(): number
  /** Idle this long: `onIdle`, once. */
  idleMillis: number
  /** This long before that: `onSoon(true)`; `onSoon(false)` when somebody is back. */
  warnMillis: number
  onSoon(soon: boolean): void
  onIdle(): void
}

const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const
const CHECK_MILLIS = 5_000

export function watchIdle(options: IdleOptions): { stop(): void } {
  let last = options.now()
  let soon = false
  const alive = () => {
    // A computer waking from sleep sends a key press first: what was idle too long stays idle.
    if (options.now() - last >= options.idleMillis) return check()
    last = options.now()
    if (soon) options.onSoon((soon = false))
  }
  const timer = setInterval(check, CHECK_MILLIS)
  for (const sign of SIGNS_OF_LIFE) options.target.addEventListener(sign, alive, { passive: true })

  function check() {
    const idle = options.now() - last
    if (idle >= options.idleMillis) {
      stop()
      options.onIdle()
    } else if (!soon && idle >= options.idleMillis - options.warnMillis) {
      options.onSoon((soon = true))
    }
  }

  function stop() {
    clearInterval(timer)
    for (const sign of SIGNS_OF_LIFE) options.target.removeEventListener(sign, alive)
  }

  return { stop }
}
