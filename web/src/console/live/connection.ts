/**
 * Keeps one event stream open (protocol §3.6): reads it with fetch, so that the
 * token travels in a header, and opens it again after a loss with growing,
 * jittered pauses, so that a restarted server is not met by every desk at once.
 */
import { EventParser } from './sse'

export type LiveState = 'connecting' | 'open' | 'waiting' | 'closed'

export interface ConnectionOptions {
  open(signal: AbortSignal): Promise<Response>
  /** Something changed in the scope; also called after each reconnection, since events may have been missed. */
  onChange(): void
  onState(state: LiveState): void
  /** True when opening again is pointless: the session ended, or the role may not listen. */
  isFinal(error: unknown): boolean
  random(): number
  /** A stream silent for this long is taken for dead. */
  silenceMillis: number
}

export const FIRST_PAUSE_MILLIS = 1_000
export const LONGEST_PAUSE_MILLIS = 60_000

/** The pause before attempt `attempt` (0 is the first retry): half fixed, half random. */
export function pauseMillis(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** Math.min(attempt, 16))
  return Math.round(full / 2 + (full / 2) * random())
}

export function connect(options: ConnectionOptions): { close(): void } {
  const closing = new AbortController()
  void run(options, closing.signal)
  return { close: () => closing.abort() }
}

async function run(options: ConnectionOptions, closed: AbortSignal): Promise<void> {
  let attempt = 0
  let first = true
  while (!closed.aborted) {
    options.onState('connecting')
    try {
      await follow(options, closed, () => {
        attempt = 0
        options.onState('open')
        if (!first) options.onChange()
        first = false
      })
    } catch (error) {
      if (!closed.aborted && options.isFinal(error)) break
    }
    if (closed.aborted) break
    options.onState('waiting')
    await pause(pauseMillis(attempt++, options.random), closed)
  }
  options.onState('closed')
}

/** Reads one stream to its end; returns or throws when it is over. */
async function follow(options: ConnectionOptions, closed: AbortSignal, onOpen: () => void): Promise<void> {
  const stream = new AbortController()
  const stop = () => stream.abort()
  closed.addEventListener('abort', stop, { once: true })
  let silence = setTimeout(stop, options.silenceMillis)
  const heard = () => {
    clearTimeout(silence)
    silence = setTimeout(stop, options.silenceMillis)
  }
  try {
    const response = await options.open(stream.signal)
    if (!response.body) throw new TypeError('event stream: no body')
    onOpen()
    const parser = new EventParser()
    const reader = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
    stream.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true })
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard()
      for (const event of parser.push(value)) if (saysChange(event.data)) options.onChange()
    }
  } finally {
    clearTimeout(silence)
    closed.removeEventListener('abort', stop)
    stream.abort()
  }
}

function saysChange(data: string): boolean {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && typeof (value as { seq?: unknown }).seq === 'number'
  } catch {
    return false
  }
}

function pause(millis: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, millis)
    function done() {
      clearTimeout(timer)
      closed.removeEventListener('abort', done)
      resolve()
    }
    closed.addEventListener('abort', done, { once: true })
  })
}
