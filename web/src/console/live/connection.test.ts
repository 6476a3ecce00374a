import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS, pauseMillis, type LiveState } from './connection'

/** A server whose streams the test writes to and cuts. */
class Streams {
  opened = 0
  refuse: Error | null = null
  private controllers: ReadableStreamDefaultController<Uint8Array>[] = []

  open = async (): Promise<Response> => {
    this.opened++
    if (this.refuse) throw this.refuse
    return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void this.controllers.push(controller) }))
  }
  say(text: string) {
    this.controllers.at(-1)!.enqueue(new TextEncoder().encode(text))
  }
  cut() {
    this.controllers.at(-1)!.error(new Error('cut'))
  }
}

function listenTo(streams: Streams) {
  const states: LiveState[] = []
  const onChange = vi.fn()
  const connection = connect({
    open: streams.open,
    onChange,
    onState: (state) => states.push(state),
    isFinal: (error) => error instanceof Error && error.message === 'unauthenticated',
    random: () => 0.5,
    silenceMillis: 90_000,
  })
  return { connection, states, onChange }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

describe('connect', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('reports a change for each event with a seq, and for nothing else', async () => {
    const streams = new Streams()
    const { onChange, connection } = listenTo(streams)
    await settle()
    streams.say(': hello\n\ndata: {"seq":5}\n\ndata: nonsense\n\n')
    await settle()
    expect(onChange).toHaveBeenCalledTimes(1)
    connection.close()
  })

  it('opens again after a cut, and then asks for a refresh, since events may have been missed', async () => {
    const streams = new Streams()
    const { onChange, states, connection } = listenTo(streams)
    await settle()
    streams.cut()
    await settle()
    expect(states.at(-1)).toBe('waiting')
    await vi.advanceTimersByTimeAsync(FIRST_PAUSE_MILLIS)
    expect(streams.opened).toBe(2)
    expect(states.at(-1)).toBe('open')
    expect(onChange).toHaveBeenCalledTimes(1)
    connection.close()
  })

  it('takes a silent stream for dead', async () => {
    const streams = new Streams()
    const { connection } = listenTo(streams)
    await settle()
    await vi.advanceTimersByTimeAsync(80_000)
    streams.say(': still here\n\n')
    await vi.advanceTimersByTimeAsync(80_000)
    expect(streams.opened).toBe(1)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(streams.opened).toBe(2)
    connection.close()
  })

  it('does not try again once the session is over', async () => {
    const streams = new Streams()
    streams.refuse = new Error('unauthenticated')
    const { states } = listenTo(streams)
    await vi.advanceTimersByTimeAsync(300_000)
    expect(streams.opened).toBe(1)
    expect(states.at(-1)).toBe('closed')
  })

  it('stops when closed, in the middle of a pause too', async () => {
    const streams = new Streams()
    streams.refuse = new Error('down')
    const { connection, states } = listenTo(streams)
    await settle()
    connection.close()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(streams.opened).toBe(1)
    expect(states.at(-1)).toBe('closed')
  })
})

describe('pauseMillis', () => {
  it('grows, is bounded, and spreads over its upper half', () => {
    expect(pauseMillis(0, () => 0)).toBe(FIRST_PAUSE_MILLIS / 2)
    expect(pauseMillis(3, () => 1)).toBe(8 * FIRST_PAUSE_MILLIS)
    expect(pauseMillis(1000, () => 1)).toBe(LONGEST_PAUSE_MILLIS)
    expect(pauseMillis(1000, () => 0)).toBe(LONGEST_PAUSE_MILLIS / 2)
  })
})
