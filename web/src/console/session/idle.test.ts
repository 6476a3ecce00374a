import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchIdle } from './idle'

const MINUTE = 60_000

function watch() {
  const target = new EventTarget()
  const onIdle = vi.fn()
  const onSoon = vi.fn()
  const watcher = watchIdle({ target, now: Date.now, idleMillis: 30 * MINUTE, warnMillis: MINUTE, onIdle, onSoon })
  return { target, onIdle, onSoon, watcher }
}

describe('watchIdle', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('warns a minute before, then ends the session once', () => {
    const { onIdle, onSoon } = watch()
    vi.advanceTimersByTime(29 * MINUTE + 5_000)
    expect(onSoon).toHaveBeenLastCalledWith(true)
    expect(onIdle).not.toHaveBeenCalled()
    vi.advanceTimersByTime(60 * MINUTE)
    expect(onIdle).toHaveBeenCalledTimes(1)
  })

  it('starts anew with any sign of life, and takes the warning back', () => {
    const { target, onIdle, onSoon } = watch()
    vi.advanceTimersByTime(29 * MINUTE + 5_000)
    target.dispatchEvent(new Event('keydown'))
    expect(onSoon).toHaveBeenLastCalledWith(false)
    vi.advanceTimersByTime(29 * MINUTE)
    expect(onIdle).not.toHaveBeenCalled()
  })

  it('does not let the first key after a long sleep revive the session', () => {
    const { target, onIdle } = watch()
    vi.setSystemTime(Date.now() + 8 * 60 * MINUTE)
    target.dispatchEvent(new Event('keydown'))
    expect(onIdle).toHaveBeenCalledTimes(1)
  })

  it('is quiet once stopped', () => {
    const { onIdle, watcher } = watch()
    watcher.stop()
    vi.advanceTimersByTime(60 * MINUTE)
    expect(onIdle).not.toHaveBeenCalled()
  })
})
