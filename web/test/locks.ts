// The Web Locks of one browser, shared by its tabs, for tests: shared and exclusive,
// first come first served, ifAvailable, and a signal that gives up waiting.

interface Waiting {
  mode: LockMode
  grant: () => void
}

interface Held {
  mode: LockMode
}

export class BrowserLocks {
  private readonly held = new Map<string, Set<Held>>()
  private readonly queue = new Map<string, Waiting[]>()

  readonly request = (async (name: string, ...more: [LockOptions, LockGrantedCallback<unknown>] | [LockGrantedCallback<unknown>]) => {
    const options: LockOptions = more.length === 2 ? more[0] : {}
    const work = more.length === 2 ? more[1] : more[0]
    const mode = options.mode ?? 'exclusive'
    await Promise.resolve()
    if (!this.free(name, mode) || this.waiting(name).length > 0) {
      if (options.ifAvailable) return work(null)
      await this.turn(name, mode, options.signal)
    }
    const mine: Held = { mode }
    this.holders(name).add(mine)
    try {
      return await work({ name, mode })
    } finally {
      this.holders(name).delete(mine)
      this.pass(name)
    }
  }) as LockManager['request']

  query(): Promise<{ held: { name: string; mode: LockMode }[] }> {
    const held = [...this.held.entries()].flatMap(([name, holders]) => [...holders].map(({ mode }) => ({ name, mode })))
    return Promise.resolve({ held })
  }

  private turn(name: string, mode: LockMode, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((grant, reject) => {
      const mine = { mode, grant }
      this.waiting(name).push(mine)
      signal?.addEventListener('abort', () => {
        this.queue.set(name, this.waiting(name).filter((other) => other !== mine))
        reject(new DOMException('aborted', 'AbortError'))
      })
    })
  }

  private pass(name: string): void {
    const next = this.waiting(name)[0]
    if (next === undefined || !this.free(name, next.mode)) return
    this.waiting(name).shift()
    next.grant()
  }

  private free(name: string, mode: LockMode): boolean {
    const holders = [...this.holders(name)]
    return mode === 'shared' ? holders.every((one) => one.mode === 'shared') : holders.length === 0
  }

  private holders(name: string): Set<Held> {
    if (!this.held.has(name)) this.held.set(name, new Set())
    return this.held.get(name)!
  }

  private waiting(name: string): Waiting[] {
    if (!this.queue.has(name)) this.queue.set(name, [])
    return this.queue.get(name)!
  }
}
