// What is not needed for the first list waits until that is drawn: while the list is
// read from the disk the browser seems idle, and is not.

/** A list that does not come, or takes this long, holds up nothing. */
const atMostMillis = 5_000
/** How long the browser may then be busy otherwise. */
const idleMillis = 2_000
/** Where the browser does not say when it is idle. */
const usuallyMillis = 500

let drawn = (): void => {}
let list: Promise<void> = Promise.resolve()

/** A list is about to be opened. */
export function expectList(): void {
  list = new Promise((resolve) => (drawn = resolve))
}

/** It is on the screen, or none will be. */
export const listDrawn = (): void => drawn()

/** Calls when the browser has nothing more urgent to do. The answer takes it back. */
export function whenQuiet(call: () => void): () => void {
  let cancel = (): void => {}
  let begun = false
  const begin = (): void => {
    clearTimeout(timer)
    if (!begun) cancel = whenIdle(call)
    begun = true
  }
  const timer = setTimeout(begin, atMostMillis)
  void list.then(begin)
  return () => {
    clearTimeout(timer)
    begun = true
    cancel()
  }
}

function whenIdle(call: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(call, { timeout: idleMillis })
    return () => cancelIdleCallback(handle)
  }
  const timer = setTimeout(call, usuallyMillis)
  return () => clearTimeout(timer)
}
