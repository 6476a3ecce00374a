// What is not needed for the first list waits until that is drawn.

const atMostMillis = 2_000
/** Where the browser does not say when it is idle. */
const usuallyMillis = 500

/** Calls when the browser has nothing more urgent to do. The answer takes it back. */
export function whenQuiet(call: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(call, { timeout: atMostMillis })
    return () => cancelIdleCallback(handle)
  }
  const timer = setTimeout(call, usuallyMillis)
  return () => clearTimeout(timer)
}
