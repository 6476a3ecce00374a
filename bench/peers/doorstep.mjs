// Doorstep through the same runtime as the peers: gzip JSON over fetch, the
// records kept in a Map. The server is the real binary.
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readJSON, run, timed } from './measure.mjs'

const pack = promisify(gzip)

const call = async (tablet, path, body) => send(tablet, path, body && await pack(JSON.stringify(body)))
const send = async (tablet, path, packed) => JSON.parse(await text(tablet, path, packed))

async function text(tablet, path, packed) {
  const headers = { authorization: 'Bearer ' + tablet.token }
  if (packed) Object.assign(headers, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
  const answer = await fetch(tablet.url + path, { method: packed ? 'POST' : 'GET', headers, body: packed })
  if (answer.status === 429 || answer.status === 503) {
    await new Promise(done => setTimeout(done, 200 + Math.random() * 800))
    return text(tablet, path, packed)
  }
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.text()
}

async function register(url, token) {
  const tablet = { url, token, n: 1 }
  return Object.assign(tablet, await call(tablet, '/api/sync/v1/devices', { name: 'bench' }))
}

function uuid7() {
  const b = randomBytes(16)
  b.writeUIntBE(Date.now(), 0, 6)
  b[6] = (b[6] & 0x0f) | 0x70
  b[8] = (b[8] & 0x3f) | 0x80
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** As our own client makes them: the op's id tells when it was made. */
function issue(tablet, op, base) {
  return { n: tablet.n++, id: uuid7(), type: op.type, record: op.record, kind: op.kind, base, set: op.set, was: op.was }
}

const underWay = 2 // batches: the next is packed and sent while the last is being written

async function push(tablet, ops) {
  const counts = {}
  const sent = []
  const settle = async () => {
    const { batch, packed, sending } = sent.shift()
    let answer = await sending
    if (answer.next_n <= batch[0].n) answer = await send(tablet, '/api/sync/v1/push', packed) // it overtook the one before it
    let answered = answer.results.length
    for (const result of answer.results) counts[result.outcome] = (counts[result.outcome] ?? 0) + 1
    for (const run of answer.applied) {
      answered += run.count
      counts.applied = (counts.applied ?? 0) + run.count
    }
    if (answered !== batch.length) throw new Error(`${answered} of ${batch.length} answered`)
  }
  for (let i = 0; i < ops.length; i += 500) {
    if (sent.length === underWay) await settle()
    const batch = ops.slice(i, i + 500)
    const packed = await pack(JSON.stringify({ device: tablet.device, epoch: tablet.epoch, schema: 1, clock: new Date().toISOString(), brief: true, ops: batch }))
    sent.push({ batch, packed, sending: send(tablet, '/api/sync/v1/push', packed) })
  }
  while (sent.length > 0) await settle()
  return counts
}

/** The next page is asked for as soon as this one has told its cursor, and parsed meanwhile. */
async function pull(tablet) {
  const held = new Map()
  const ask = cursor => text(tablet, `/api/sync/v1/pull?device=${tablet.device}&limit=1000&brief=1&cursor=${cursor}`)
  let asked = ask('')
  for (;;) {
    const page = await asked
    const [, cursor, more] = /^\{"epoch":"[^"]*","cursor":"([^"]*)","more":(true|false),/.exec(page)
    if (more === 'true') asked = ask(cursor)
    for (const change of JSON.parse(page).changes) {
      if (change.record) Object.assign(change.record, { id: change.id, rev: change.rev ?? change.seq })
      held.set(change.id, change.record)
    }
    if (more === 'false') return held
  }
}

/** A tablet's edits as its own store shows them: base plus what it edited before. */
function offline(tablet, held, ops) {
  const mine = new Map()
  return ops.map(op => {
    const shown = mine.get(op.record) ?? held.get(op.record)
    const was = Object.fromEntries(Object.keys(op.set).map(name => [name, shown[name]]))
    mine.set(op.record, { ...shown, ...op.set })
    return issue(tablet, { ...op, was }, held.get(op.record).rev)
  })
}

await run({
  async push(url, workload) {
    const { ops, tokens } = readJSON(workload)
    const tablet = await register(url, tokens[0])
    const issued = ops.map(op => issue(tablet, op, 0))
    return timed(async () => ({ outcomes: await push(tablet, issued), records: issued.length }))
  },

  async pull(url, workload) {
    const tablet = await register(url, readJSON(workload).tokens[1])
    return timed(async () => ({ records: (await pull(tablet)).size }))
  },

  /** Every client on its own tablet; with one writer list, one client. */
  async writers(url, workload) {
    const { writers, tokens } = readJSON(workload)
    const tablets = await Promise.all(writers.map((_, i) => register(url, tokens[i % tokens.length])))
    const held = await pull(tablets[0])
    const issued = writers.map((ops, i) => offline(tablets[i], held, ops))
    return timed(async () => {
      const all = await Promise.all(issued.map((ops, i) => push(tablets[i], ops)))
      const outcomes = {}
      for (const one of all) for (const [name, n] of Object.entries(one)) outcomes[name] = (outcomes[name] ?? 0) + n
      return { outcomes }
    })
  },
})
