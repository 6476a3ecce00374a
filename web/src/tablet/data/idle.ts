// When the tablet locks by itself: nobody touched it for a while, or it was out of
// sight for longer than a photo or a call takes.
import { now } from '../app'
import { lockAfterMinutes } from './preferences'

const minuteMillis = 60_000
const lookEveryMillis = 5_000
export const hiddenMillis = 2 * minuteMillis

const signs = ['pointerdown', 'keydown', 'input', 'scroll', 'touchmove'] as const

export interface IdleActions {
  lock: () => void
  /** Asked as often as the idling. */
  check: () => void
}

export function watchIdle({ lock, check }: IdleActions): () => void {
  let touched = now()
  let hiddenAt: number | null = document.visibilityState === 'hidden' ? now() : null
  const touch = (): void => {
    // The time is looked at first: a touch after the limit wakes nothing up.
    if (!look()) touched = now()
  }
  const look = (): boolean => {
    const idle = now() - touched > lockAfterMinutes() * minuteMillis
    const away = hiddenAt !== null && now() - hiddenAt > hiddenMillis
    if (!idle && !away) return false
    touched = now()
    lock()
    return true
  }
  const turn = (): void => {
    if (document.visibilityState === 'hidden') hiddenAt = now()
    else {
      look()
      hiddenAt = null
    }
  }
  const timer = setInterval(() => {
    look()
    check()
  }, lookEveryMillis)
  for (const sign of signs) window.addEventListener(sign, touch, { capture: true, passive: true })
  document.addEventListener('visibilitychange', turn)
  return () => {
    clearInterval(timer)
    for (const sign of signs) window.removeEventListener(sign, touch, { capture: true })
    document.removeEventListener('visibilitychange', turn)
  }
}
