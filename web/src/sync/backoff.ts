// How long to wait after a failure: doubling, capped, with full jitter on the
// upper half, so that a herd of tablets does not come back in step.

export interface BackoffOptions {
  firstMillis: number
  capMillis: number
}

export function backoffMillis(failures: number, random: number, options: BackoffOptions): number {
  const doubled = options.firstMillis * 2 ** Math.min(Math.max(failures, 1) - 1, 16)
  const ceiling = Math.min(doubled, options.capMillis)
  return Math.round(ceiling / 2 + random * (ceiling / 2))
}

/** The server's own Retry-After, spread by up to a half, so that not all come at once. */
export const retryAfterMillis = (asked: number, random: number): number => Math.round(asked * (1 + random / 2))
