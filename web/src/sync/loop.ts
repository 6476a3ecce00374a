// When to sync: at start, when something was saved, by the server's hint, by
// timer, by button. One run at a time; failures wait longer and longer, with
// jitter. It never asks the browser whether it is online: it tries.
import { backoffMillis, retryAfterMillis } from './backoff'
import type { SyncContext } from './context'
import { readEvents } from './events'
import { uploadAll, type PhotoRun } from './photos'
import { asProblem, stillHandsIn, type SyncProblem } from './problem'
import { runOnce, type Phase } from './run'
import type { PullState } from '@/store/meta'

export interface LoopState {
  running: boolean
  phase: Phase | null
  problem: string | null
  /** When the next try is due; null while running. */
  nextTry: number | null
  received: number
  photo: { id: string; sent: number; bytes: number } | null
  /** Photos wait for a connection that costs nothing. */
  photosHeld: boolean
}

export const idleState: LoopState = {
  running: false,
  phase: null,
  problem: null,
  nextTry: null,
  received: 0,
  photo: null,
  photosHeld: false,
}

export interface SyncRequest {
  /** By the worker's button: photos go now, whatever the connection costs. */
  photosNow?: boolean
}

export interface LoopOptions {
  context: SyncContext
  loadTus: PhotoRun['loadTus']
  onState: (state: LoopState) => void
  onWipe: () => Promise<void>
  /** Bytes cost money just now (a hint, where the browser gives one): photos wait, text does not. */
  metered?: () => boolean
  setTimer?: (call: () => void, millis: number) => ReturnType<typeof setTimeout>
  timings?: Partial<LoopTimings>
}

export interface LoopTimings {
  everyMillis: number
  firstRetryMillis: number
  capMillis: number
}

const defaultTimings: LoopTimings = { everyMillis: 60_000, firstRetryMillis: 2_000, capMillis: 30_000 }

export class SyncLoop {
  private state: LoopState = idleState
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private photoFailures = 0
  private again = false
  private stopped = false
  private events: AbortController | null = null
  private uploading: Promise<void> | null = null
  private photosNow = false
  private readonly timings: LoopTimings

  constructor(private readonly options: LoopOptions) {
    this.timings = { ...defaultTimings, ...options.timings }
  }

  /** Syncs now; a request during a run makes one more follow. */
  request(asked: SyncRequest = {}): Promise<void> {
    if (this.stopped) return Promise.resolve()
    if (asked.photosNow) this.photosNow = true
    if (this.state.running) {
      this.again = true
      return Promise.resolve()
    }
    return this.run()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    this.events?.abort()
  }

  current(): LoopState {
    return this.state
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    this.again = false
    this.set({ running: true, phase: 'registering', nextTry: null })
    const report = await runOnce(this.options.context, {
      phase: (phase) => this.set({ phase }),
      page: (pull: PullState) => this.set({ received: pull.received }),
    })
    if (this.stopped) return
    if (report.wipe) {
      this.stop()
      this.set({ running: false, phase: null })
      await this.options.onWipe()
      return
    }
    this.failures = report.problem === null ? 0 : this.failures + 1
    this.set({ running: false, phase: null, problem: report.problem?.code ?? null })
    if (report.problem === null) this.listen()
    if (stillHandsIn(report.problem)) this.upload()
    if (this.again && stillHandsIn(report.problem)) void this.run()
    else this.schedule(this.delayAfter(report.problem))
  }

  private delayAfter(problem: SyncProblem | null, failures = this.failures): number {
    const random = this.options.context.random()
    // An update mends upgrade_required, not haste.
    if (stillHandsIn(problem)) return this.timings.everyMillis * (0.8 + random * 0.4)
    if (problem?.retryAfterMillis != null) return retryAfterMillis(problem.retryAfterMillis, random)
    const { firstRetryMillis: firstMillis, capMillis } = this.timings
    return backoffMillis(failures, random, { firstMillis, capMillis })
  }

  private schedule(millis: number): void {
    if (this.stopped) return
    const setTimer = this.options.setTimer ?? setTimeout
    this.set({ nextTry: this.options.context.now() + millis })
    clearTimeout(this.timer)
    this.timer = setTimer(() => void this.request(), millis)
  }

  /** Keeps one event stream open while syncing works; its end is no event of its own. */
  private listen(): void {
    if (this.events !== null || this.stopped) return
    const stop = new AbortController()
    this.events = stop
    const { context } = this.options
    void (async () => {
      try {
        const device = await context.store.meta.get('device')
        if (device === undefined) return
        const stream = await context.api.events(device.id, stop.signal)
        await readEvents(stream, () => void this.request())
      } catch {
        // The timer pulls anyway; the next good run opens the stream again.
      } finally {
        this.events = null
      }
    })()
  }

  /** Photos go beside the runs, so that a large one holds up no text. */
  private upload(): void {
    if (this.uploading !== null || this.stopped) return
    const run: PhotoRun = {
      loadTus: this.options.loadTus,
      mayGo: () => !this.stopped && (this.photosNow || !(this.options.metered?.() ?? false)),
      progress: (id, sent, bytes) => this.set({ photo: { id, sent, bytes } }),
      // A connection that breaks often but carries something is tried again soon.
      arrived: () => (this.photoFailures = 0),
    }
    this.uploading = (async () => {
      const { photos } = this.options.context.store
      if ((await photos.waiting()) === 0) return void this.endPhotos(false)
      try {
        const end = await uploadAll(this.options.context, run)
        this.photoFailures = 0
        this.endPhotos(end.held)
        if (end.tried === 0) return
        // The record's state is what acknowledges a photo: pull it.
        void this.request()
      } catch (error) {
        this.photoFailures += 1
        const problem = asProblem(error)
        this.set({ problem: problem.code })
        if (!this.state.running) this.schedule(this.delayAfter(problem, this.photoFailures))
      }
    })().finally(() => {
      this.uploading = null
      this.set({ photo: null })
    })
  }

  /** The worker's "now" is for what waited then, not for ever. */
  private endPhotos(held: boolean): void {
    if (!held) this.photosNow = false
    this.set({ photosHeld: held })
  }

  private set(change: Partial<LoopState>): void {
    this.state = { ...this.state, ...change }
    // Stopped, it speaks for nobody: an upload that ends later is another account's by then.
    if (!this.stopped) this.options.onState(this.state)
  }
}
