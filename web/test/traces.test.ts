// The real client on the simulator's golden traces: after each step it must show
// what the Go model tablet shows, know of each edit what that knows, and it must
// have asked the server the same. TRACE=seed-105 runs one.
import { describe, expect, it } from 'vitest'
import { Stage } from '../src/store/database'
import { householdOf } from '../src/store/base'
import { Store } from '../src/store/store'
import { Api } from '../src/sync/api'
import { runOnce } from '../src/sync/run'
import { compact } from '../src/sync/values'
import type { Values } from '../src/sync/wire'
import { readTraces, Replay, type Step, type Trace } from './traces'

const traces = readTraces().filter((trace) => trace.name.includes(process.env.TRACE ?? ''))

describe('docs/vectors/traces', () => {
  it('has traces', () => expect(traces.length).toBeGreaterThan(0))

  it.each(traces.map((trace) => [trace.name, trace] as const))(
    '%s: the client asks, shows and counts as the model tablet',
    async (_name, trace) => {
      const player = new Player(trace)
      for (const [at, step] of trace.steps.entries()) await player.play(step, `line ${at + 2}, ${step.do}`)
    },
    120_000,
  )
})

type Rows = Record<string, Record<string, unknown>[]>

class Player {
  private readonly server: Replay
  private readonly clock = { now: 0 }
  private store: Store
  private kept: Rows | null = null
  private readonly view = new Map<string, Values>()
  private readonly ops = new Map<string, [number, string, boolean]>()

  constructor(private readonly trace: Trace) {
    this.server = new Replay(trace.schema)
    this.store = this.open()
  }

  private open(): Store {
    return new Store({ name: `trace-${this.trace.name}`, now: () => this.clock.now })
  }

  async play(step: Step, where: string): Promise<void> {
    this.clock.now = step.now
    await this.act(step, where)
    take(this.view, step.view)
    take(this.ops, step.ops)
    await this.compare(step, where)
  }

  private async act(step: Step, where: string): Promise<void> {
    const acts: Record<Step['do'], () => Promise<void>> = {
      edit: () => this.edit(step),
      run: () => this.run(step, where),
      clock: async () => {},
      reload: async () => this.reload(),
      keep: async () => void (this.kept = await dump(this.store)),
      rollback: async () => {
        this.reload()
        await restore(this.store, this.kept ?? {})
      },
      evict: async () => {
        await this.store.wipe()
        this.store = this.open()
      },
    }
    await acts[step.do]()
  }

  private reload(): void {
    this.store.close()
    this.store = this.open()
  }

  private async edit(step: Step): Promise<void> {
    const body = step.op!
    this.server.bodies.set(body.id, body)
    await this.store.commit({ ops: [{ body, household: householdOf(body.type, body.record, body.set) }] })
  }

  private async run(step: Step, where: string): Promise<void> {
    this.server.expect(step.calls ?? [])
    const api = new Api({ fetch: this.server.fetch, origin: '', token: () => 'token' })
    const describe = (): { name: string; platform: string; app: string } => ({ name: 't', platform: 'test', app: '0' })
    const report = await runOnce({ store: this.store, api, now: () => this.clock.now, random: () => 0.5, describe })
    expect(this.server.wrong, where).toEqual([])
    expect(this.server.left(), `${where}: requests that were not made`).toEqual([])
    expect(report.problem?.code ?? '', `${where}: ${report.problem?.message ?? ''}`).toBe(step.problem ?? '')
    expect(report.wipe, where).toBe(step.wipe ?? false)
    if (report.wipe) await this.act({ ...step, do: 'evict' }, where)
  }

  private async compare(step: Step, where: string): Promise<void> {
    const shown: Record<string, Values> = {}
    for (const type of Object.keys(this.trace.schema.types)) {
      for (const entry of await this.store.records.list(type)) {
        const { id: _id, ...values } = compact(entry.record)
        shown[`${type}/${entry.id}`] = values
      }
    }
    const wanted = Object.fromEntries([...this.view].map(([key, values]) => [key, compact(values)]))
    expect(shown, `${where}: what is shown`).toEqual(wanted)
    const rows = await this.store.db.ops.toArray()
    const known = rows.map((row) => [row.id, [row.n, row.outcome ?? '', row.stage === Stage.past]])
    expect(Object.fromEntries(known), `${where}: what is known of the edits`).toEqual(Object.fromEntries(this.ops))
    expect(await this.store.outbox.waiting(), `${where}: how many wait`).toBe(step.waiting)
  }
}

function take<V>(into: Map<string, V>, changes: Record<string, V | null> | undefined): void {
  for (const [key, value] of Object.entries(changes ?? {})) {
    if (value === null) into.delete(key)
    else into.set(key, value)
  }
}

/** The whole database, as a copied browser profile has it. */
async function dump(store: Store): Promise<Rows> {
  const rows: Rows = {}
  for (const table of store.db.tables) rows[table.name] = structuredClone(await table.toArray())
  return rows
}

async function restore(store: Store, rows: Rows): Promise<void> {
  for (const table of store.db.tables) {
    await table.clear()
    await table.bulkPut(structuredClone(rows[table.name] ?? []))
  }
}
