// Golden traces of the simulator (docs/vectors/traces): what one tablet did, asked,
// was answered and showed. Here the real client does it again, over a fetch that
// gives the trace's answers and refuses any other question.
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Schema } from '../src/sync/schema'
import type { Json, OpBody, Values } from '../src/sync/wire'

export interface Call {
  call: 'register' | 'push' | 'pull' | 'lost'
  device?: string
  epoch?: string
  cursor?: string
  ops?: [number, string][]
  from?: number
  to?: number
  fault?: 'unreachable' | 'cut'
  status?: number
  answer?: Json
}

export interface Step {
  do: 'edit' | 'run' | 'clock' | 'reload' | 'keep' | 'rollback' | 'evict'
  now: number
  n?: number
  op?: OpBody
  calls?: Call[]
  problem?: string
  wipe?: boolean
  waiting: number
  /** "type/id" -> what is shown from here on; null: nothing. */
  view?: Record<string, Values | null>
  /** op id -> n, outcome, passed by the cursor; null: forgotten. */
  ops?: Record<string, [number, string, boolean] | null>
}

export interface Trace {
  name: string
  schema: Schema
  steps: Step[]
}

const folder = new URL('../../docs/vectors/traces/', import.meta.url)

export function readTraces(): Trace[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) => {
      const lines = gunzipSync(readFileSync(new URL(name, folder))).toString('utf8').trimEnd().split('\n')
      const [head, ...steps] = lines.map((line) => JSON.parse(line) as unknown)
      return { name, schema: (head as { schema: Schema }).schema, steps: steps as Step[] }
    })
}

const paths: Record<string, Call['call']> = {
  'POST /api/sync/v1/devices': 'register',
  'POST /api/sync/v1/push': 'push',
  'GET /api/sync/v1/pull': 'pull',
  'POST /api/sync/v1/lost': 'lost',
}

/** A server that expects the trace's next request and gives its answer. */
export class Replay {
  private calls: Call[] = []
  /** What was asked otherwise than in the trace. */
  readonly wrong: string[] = []
  readonly bodies = new Map<string, OpBody>()

  constructor(private readonly schema: Schema) {}

  expect(calls: readonly Call[]): void {
    this.calls = [...calls]
  }

  left(): Call[] {
    return this.calls
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), 'http://trace.test'), init as RequestInit)
    const url = new URL(request.url)
    if (url.pathname.endsWith('/schema')) return Response.json(this.schema)
    const call = this.calls.shift()
    const what = paths[`${request.method} ${url.pathname}`]
    if (call === undefined || what !== call.call) {
      this.wrong.push(`asked ${request.method} ${url.pathname}, the trace has ${call?.call ?? 'no request'}`)
      throw new TypeError('not in the trace')
    }
    await this.compare(call, request, url)
    if (call.fault === 'unreachable') throw new TypeError('unreachable')
    const text = JSON.stringify(call.answer)
    // A connection that breaks in the middle of an answer that was announced as whole.
    const sent = call.fault === 'cut' ? text.slice(0, text.length / 2) : text
    return new Response(sent, { status: call.status, headers: { 'Content-Type': 'application/json' } })
  }

  private async compare(call: Call, request: Request, url: URL): Promise<void> {
    const asked: Partial<Call> = { call: call.call }
    if (call.call === 'pull') {
      asked.device = url.searchParams.get('device') ?? ''
      asked.cursor = url.searchParams.get('cursor') ?? undefined
    } else {
      const body = await bodyOf(request)
      Object.assign(asked, { device: body.device, epoch: body.epoch, from: body.from, to: body.to })
      if (body.ops) asked.ops = this.contents(body.ops)
    }
    for (const key of ['device', 'epoch', 'cursor', 'ops', 'from', 'to'] as const) {
      // A first registration has no device yet, and a pull names no epoch.
      if ((call.call === 'register' && key !== 'ops') || (call.call === 'pull' && key === 'epoch')) continue
      const wanted = JSON.stringify(call[key] ?? (key === 'ops' && call.call === 'push' ? [] : undefined))
      if (JSON.stringify(asked[key]) !== wanted) {
        this.wrong.push(`${call.call}: ${key} is ${JSON.stringify(asked[key])}, in the trace ${wanted}`)
      }
    }
  }

  /** n and id of each op, whose content must be what was stored. */
  private contents(ops: (OpBody & { n: number })[]): [number, string][] {
    return ops.map(({ n, ...body }) => {
      const made = this.bodies.get(body.id)
      if (JSON.stringify(sorted(body)) !== JSON.stringify(sorted(made))) {
        this.wrong.push(`push: op ${body.id} is sent as ${JSON.stringify(body)}, made as ${JSON.stringify(made)}`)
      }
      return [n, body.id]
    })
  }
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

interface Body {
  device?: string
  epoch?: string
  from?: number
  to?: number
  ops?: (OpBody & { n: number })[]
}

async function bodyOf(request: Request): Promise<Body> {
  if (request.headers.get('Content-Encoding') !== 'gzip') return (await request.json()) as Body
  return (await new Response(request.body!.pipeThrough(new DecompressionStream('gzip'))).json()) as Body
}
