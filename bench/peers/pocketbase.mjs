// PocketBase's own REST, one create a request and /api/batch of 100, against a
// plain collection on the same connection settings as Doorstep (FULL).
import { readJSON, run, timed } from './measure.mjs'

const path = '/api/collections/plain/records'

async function post(url, token, body) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: token }, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

await run({
  async create(url, workload) {
    const { ops, token } = readJSON(workload)
    return timed(async () => {
      for (const op of ops) await post(url + path, token, op.set)
      return { records: ops.length }
    })
  },

  async batch(url, workload) {
    const { ops, token } = readJSON(workload)
    return timed(async () => {
      for (let i = 0; i < ops.length; i += 100) {
        await post(url + '/api/batch', token, { requests: ops.slice(i, i + 100).map(op => ({ method: 'POST', url: path, body: op.set })) })
      }
      return { records: ops.length }
    })
  },
})
