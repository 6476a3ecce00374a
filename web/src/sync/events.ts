// The event stream (§3.6), read with fetch. A message is a hint to pull, no more.

/** Calls `hint` for every data line until the stream ends. */
export async function readEvents(stream: ReadableStream<Uint8Array>, hint: () => void): Promise<void> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      const lines = rest.split(/\r?\n/)
      // A line of an event stream is short; what is not is none.
      rest = (lines.pop() ?? '').slice(-4096)
      if (lines.some((line) => line.startsWith('data:'))) hint()
    }
  } finally {
    reader.releaseLock()
  }
}
