// A server in memory, written from docs/protocol.md for the client's tests only:
// just enough of push, pull, epochs and faults to see what a client does.
import type { Change, Op, OpResult, PullAnswer, PushAnswer, Run, Values } from '../src/sync/wire'
import { testSchema } from './schema'

interface Stored {
  type: string
  id: string
  record: Values
  rev: number
  /** field -> who wrote it last, and when */
  versions: Record<string, { seq: number; device: string }>
}

interface DeviceLine {
  nextN: number
  results: Map<number, OpResult>
  later: OpResult[]
}

type Fault = (request: Request, path: string) => 'before' | 'after' | Response | null

export class FakeServer {
  epoch = 'epoch-1'
  seq = 0
  durableSeq = 0
  pageSize = 500
  token = 'good'
  revoked = new Set<string>()
  wipe = false
  maxOps = 500
  expired = false
  /** Its table's version, and the oldest that may pull. */
  schema = 1
  oldest = 1
  /** What /schema lists; [] is a server of an older build. */
  options: string[] = ['brief']
  fault: Fault = () => null
  readonly requests: string[] = []
  readonly devices = new Map<string, DeviceLine>()
  readonly byOp = new Map<string, { text: string; result: OpResult; device: string }>()
  readonly records = new Map<string, Stored>()
  readonly feed: Change[] = []
  readonly lost: { from: number; to: number }[] = []
  readonly pushed: Op[][] = []
  readonly schemas: number[] = []
  /** The bodies that went out, as they were. */
  readonly pages: PullAnswer[] = []
  /** What tablets told of themselves, pull by pull (C.15). */
  readonly told: Record<string, string>[] = []
  readonly answers: PushAnswer[] = []
  private minted = 0

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), 'http://fake.test'), init as RequestInit)
    const url = new URL(request.url)
    const path = `${request.method} ${url.pathname}`
    this.requests.push(path)
    const fault = this.fault(request, path)
    if (fault instanceof Response) return fault
    if (fault === 'before') throw new TypeError('network down')
    const answer = await this.route(request, url, path)
    if (fault === 'after') throw new TypeError('answer lost')
    return answer
  }

  /** Writes a record as another device would. */
  put(type: string, id: string, record: Values, device = 'other'): void {
    const versions = { ...this.records.get(`${type}/${id}`)?.versions }
    const seq = ++this.seq
    for (const name of Object.keys(record)) versions[name] = { seq, device }
    const merged = { ...this.records.get(`${type}/${id}`)?.record, ...record, id }
    this.records.set(`${type}/${id}`, { type, id, record: merged, rev: seq, versions })
    this.feed.push({ seq, type, id, kind: 'put' })
  }

  gone(type: string, id: string, kind: 'leave' | 'tombstone'): void {
    this.records.delete(`${type}/${id}`)
    this.feed.push({ seq: ++this.seq, type, id, kind })
  }

  later(device: string, result: OpResult): void {
    this.devices.get(device)?.later.push(result)
    this.seq++
  }

  /** Restores a backup: everything after seq is forgotten, a new epoch begins. */
  restore(state: { seq: number; nextN: number; device: string; drop: (record: Stored) => boolean }): void {
    this.epoch = `${this.epoch}'`
    const line = this.devices.get(state.device)
    if (line !== undefined) {
      line.nextN = state.nextN
      for (const [n, result] of line.results) {
        if (n < state.nextN) continue
        line.results.delete(n)
        this.byOp.delete(result.id)
      }
    }
    for (const [key, stored] of this.records) if (state.drop(stored)) this.records.delete(key)
    this.feed.length = 0
    for (const stored of this.records.values()) {
      this.feed.push({ seq: stored.rev, type: stored.type, id: stored.id, kind: 'put' })
    }
    this.seq = state.seq + 2 ** 32
  }

  private async route(request: Request, url: URL, path: string): Promise<Response> {
    if (request.headers.get('Authorization') !== `Bearer ${this.token}`) return problem(401, 'unauthenticated')
    if (path === 'POST /api/sync/v1/devices') return this.register()
    if (path === 'GET /api/sync/v1/schema') return Response.json({ ...testSchema, schema: this.schema, oldest: this.oldest, options: this.options })
    if (path === 'POST /api/sync/v1/push') return this.push(await body(request))
    if (path === 'GET /api/sync/v1/pull') return this.pull(url)
    if (path === 'POST /api/sync/v1/lost') return this.markLost(await body(request))
    return problem(404, 'not_found')
  }

  private register(): Response {
    const device = `device-${++this.minted}`
    this.devices.set(device, { nextN: 1, results: new Map(), later: [] })
    return Response.json({ device, epoch: this.epoch, next_n: 1, server_time: now() })
  }

  private markLost(gap: { device: string; from: number; to: number }): Response {
    const line = this.devices.get(gap.device)
    if (line === undefined || gap.from !== line.nextN) return problem(400, 'invalid')
    this.lost.push({ from: gap.from, to: gap.to })
    line.nextN = gap.to + 1
    return Response.json({ next_n: line.nextN })
  }

  private push(envelope: { device: string; epoch: string; schema: number; brief?: boolean; ops: Op[] }): Response {
    if (envelope.brief !== undefined && !this.options.includes('brief')) return problem(400, 'invalid')
    const line = this.devices.get(envelope.device)
    if (line === undefined) return problem(404, 'not_found')
    if (envelope.epoch !== this.epoch) return this.epochChanged(line)
    if (envelope.ops.length > this.maxOps) return problem(413, 'too_large')
    this.pushed.push(envelope.ops)
    this.schemas.push(envelope.schema)
    const results: OpResult[] = []
    for (const op of envelope.ops) {
      if (op.n > line.nextN) break
      const result = this.accept(envelope.device, line, op)
      results.push(result)
      if (!result.outcome) break
    }
    const answer: PushAnswer = {
      ...{ epoch: this.epoch, server_time: now(), next_n: line.nextN, durable_seq: this.durableSeq },
      ...(envelope.brief ? inRuns(results) : { results }),
      ...(this.wipe ? { wipe: true } : {}),
    }
    this.answers.push(answer)
    return Response.json(answer)
  }

  private accept(device: string, line: DeviceLine, op: Op): OpResult {
    const { n, ...content } = op
    const text = JSON.stringify(content)
    const known = this.byOp.get(op.id)
    const mismatch = { n, id: op.id, error: { code: 'op_mismatch', message: 'other content' } }
    if (known !== undefined && known.text !== text) return mismatch
    if (n < line.nextN) return line.results.get(n)?.id === op.id ? line.results.get(n)! : mismatch
    const result = known === undefined ? this.decide(device, op) : { ...known.result, n }
    line.nextN = n + 1
    line.results.set(n, result)
    this.byOp.set(op.id, { text, result, device })
    return result
  }

  private decide(device: string, op: Op): OpResult {
    const done = { n: op.n, id: op.id, seq: ++this.seq }
    if (this.revoked.has(device)) return { ...done, outcome: 'held' }
    if (op.set?.phone === 'invalid') {
      return { ...done, outcome: 'rejected', error: { code: 'invalid', message: 'no', field: 'phone' } }
    }
    const key = `${op.type}/${op.record}`
    const stored = this.records.get(key)
    if (op.kind === 'patch' && stored === undefined) return { ...done, outcome: 'held' }
    const record: Values = { ...(stored?.record ?? { id: op.record }) }
    const versions = { ...stored?.versions }
    const clash = Object.keys(op.set ?? {}).some((name) => {
      const version = versions[name]
      const review = testSchema.types[op.type]?.fields[name]?.policy === 'review'
      return review && version !== undefined && version.device !== device && version.seq > op.base
    })
    if (clash) return { ...done, outcome: 'conflict', fields: { monthly_income: 'case' }, case: `case-${done.seq}` }
    for (const [name, value] of Object.entries(op.set ?? {})) {
      record[name] = this.take(op, name, record[name] ?? null, value)
      versions[name] = { seq: done.seq, device }
    }
    this.records.set(key, { type: op.type, id: op.record, record, rev: done.seq, versions })
    this.feed.push({ seq: done.seq, type: op.type, id: op.record, kind: 'put' })
    return { ...done, outcome: 'applied' }
  }

  private take(op: Op, name: string, current: Values[string], value: Values[string]): Values[string] {
    const policy = testSchema.types[op.type]?.fields[name]?.policy
    const have = (current ?? []) as string[]
    if (policy === 'union') {
      const was = (op.was?.[name] ?? []) as string[]
      const set = value as string[]
      const kept = have.filter((item) => set.includes(item) || !was.includes(item))
      return [...kept, ...set.filter((item) => !kept.includes(item) && !was.includes(item))]
    }
    if (policy === 'append') return [...(have as never[]), ...(value as never[])]
    if (policy === 'max') return current !== null && String(current) > String(value) ? current : value
    return value
  }

  private pull(url: URL): Response {
    const device = url.searchParams.get('device') ?? ''
    const line = this.devices.get(device)
    if (line === undefined) return problem(404, 'not_found')
    if (this.revoked.has(device)) return problem(403, 'device_revoked')
    if (Number(url.searchParams.get('schema') ?? this.schema) < this.oldest) return problem(426, 'upgrade_required')
    const brief = url.searchParams.get('brief') === '1'
    const cursor = url.searchParams.get('cursor')
    const { waiting, photos, app, clock } = Object.fromEntries(url.searchParams)
    if (waiting !== undefined) this.told.push({ waiting, photos: photos ?? '', app: app ?? '', clock: clock ?? '' })
    const [epoch, from, mark] = (cursor ?? `${this.epoch}:0:`).split(':')
    if (epoch !== this.epoch) return this.epochChanged(line)
    if (this.expired && cursor !== null) {
      this.expired = false
      return problem(410, 'cursor_expired')
    }
    const upTo = mark ? Number(mark) : this.seq
    const rows = this.latest(Number(from), upTo)
    const page = rows.slice(0, this.pageSize)
    const more = page.length < rows.length
    const next = more ? `${this.epoch}:${page[page.length - 1]!.seq}:${upTo}` : `${this.epoch}:${upTo}:`
    const answer: PullAnswer = {
      ...{ epoch: this.epoch, cursor: next, more, durable_seq: this.durableSeq, server_time: now() },
      ...{ changes: page.map((change) => (brief ? change : inFull(change))), results: line.later.splice(0) },
    }
    this.pages.push(answer)
    return Response.json(answer)
  }

  /** Each record once, with its latest state; leaves and tombstones as they are. */
  private latest(from: number, upTo: number): Change[] {
    const last = new Map<string, Change>()
    for (const change of this.feed) {
      if (change.seq <= from || change.seq > upTo) continue
      const key = `${change.type}/${change.id}`
      last.delete(key)
      last.set(key, change)
    }
    return [...last.values()].map((change) => {
      const stored = this.records.get(`${change.type}/${change.id}`)
      if (change.kind !== 'put' || stored === undefined) return change
      const { id: _, ...record } = stored.record
      return { ...change, ...(stored.rev === change.seq ? {} : { rev: stored.rev }), record }
    })
  }

  private epochChanged(line: DeviceLine): Response {
    const error = { code: 'epoch_changed', message: 'restored' }
    return Response.json({ error, epoch: this.epoch, next_n: line.nextN }, { status: 409 })
  }
}

/** What a line of a page is without being asked to be brief. */
function inFull(change: Change): Change {
  if (change.kind !== 'put') return change
  const rev = change.rev ?? change.seq
  return { ...change, rev, record: { ...change.record, id: change.id, rev, created: now(), updated: now() } }
}

function inRuns(all: OpResult[]): { results: OpResult[]; applied: Run[] } {
  const applied: Run[] = []
  const results: OpResult[] = []
  for (const result of all) {
    const last = applied.at(-1)
    if (result.outcome !== 'applied' || result.fields) results.push(result)
    else if (last && result.n === last.n + last.count && result.seq === last.seq + last.count) last.count++
    else applied.push({ n: result.n!, count: 1, seq: result.seq! })
  }
  return { results, applied }
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ error: { code, message: code } }, { status, headers })

const now = (): string => new Date(1_780_000_000_000).toISOString()

async function body<T>(request: Request): Promise<T> {
  if (request.headers.get('Content-Encoding') !== 'gzip') return (await request.json()) as T
  const plain = request.body!.pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(plain).json()) as T
}
