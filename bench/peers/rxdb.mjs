// RxDB: rxdb-server's replication endpoint over the express adapter. Both sides
// keep their documents in memory, the free storage of RxDB 15 that is fastest: the
// server writes no disk at all, and so syncs none.
import { createServer } from 'node:net'
import { once } from 'node:events'
import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { createRxServer } from 'rxdb-server/plugins/server'
import { RxServerAdapterExpress } from 'rxdb-server/plugins/adapter-express'
import { replicateServer } from 'rxdb-server/plugins/replication-server'
import { endWithStdin, readJSON, run, say, timed } from './measure.mjs'

const text = { type: 'string' }
const schema = {
  version: 0, primaryKey: 'id', type: 'object', required: ['id'],
  properties: {
    id: { type: 'string', maxLength: 36 }, region: text, head_name: text, phone: text, address: text, cause: text, housing_kind: text, housing_grade: text,
    monthly_income: { type: 'number' }, medical_cost_12m: { type: 'number' },
    tags: { type: 'array', items: text }, remarks: { type: 'array', items: { type: 'object' } },
  },
}

async function collection(name) {
  const database = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false })
  return (await database.addCollections({ households: { schema } })).households
}

// The adapter answers no port, so a free one is found first.
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

// express.json() in the adapter takes 100 kB a request: 100 documents stay below it.
function replicate(households, url, way) {
  return replicateServer({ collection: households, replicationIdentifier: way + url, url, live: false, waitForLeadership: false, headers: {}, ...way === 'push' ? { push: { batchSize: 100 } } : { pull: { batchSize: 500 } } })
}

async function finished(replication) {
  const failed = []
  replication.error$.subscribe(error => failed.push(error))
  await replication.awaitInitialReplication()
  if (failed.length) throw failed[0]
}

await run({
  async serve() {
    const port = await freePort()
    const households = await collection('county')
    const server = await createRxServer({ database: households.database, adapter: RxServerAdapterExpress, port, hostname: '127.0.0.1' })
    const endpoint = server.addReplicationEndpoint({ name: 'households', collection: households })
    await server.start()
    say({ url: `http://127.0.0.1:${port}/${endpoint.urlPath}` })
    endWithStdin()
  },

  async push(url, workload) {
    const { ops } = readJSON(workload)
    const households = await collection('tablet')
    await households.bulkInsert(ops.map(op => ({ id: op.record, ...op.set })))
    return timed(async () => {
      await finished(replicate(households, url, 'push'))
      return { records: ops.length }
    })
  },

  async pull(url) {
    const households = await collection('tablet')
    return timed(async () => {
      await finished(replicate(households, url, 'pull'))
      return { records: await households.count().exec() }
    })
  },
})
