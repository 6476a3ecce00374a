// PouchDB: a client database in memory (the adapter that costs the client least)
// replicates with express-pouchdb on leveldb. No authentication, no scope, no audit.
import { mkdirSync } from 'node:fs'
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'
import memory from 'pouchdb-adapter-memory'
import { listen, readJSON, run, timed } from './measure.mjs'

PouchDB.plugin(memory)
const batch = { batch_size: 500, batches_limit: 10 }
const document = op => ({ _id: op.record, ...op.set })

function failUnless(good, what) {
  if (!good) throw new Error(what)
}

await run({
  async serve(dir) {
    mkdirSync(dir, { recursive: true })
    const app = express()
    app.use('/', expressPouchDB(PouchDB.defaults({ prefix: dir + '/', adapter: 'leveldb' }),
      { mode: 'minimumForPouchDB', logPath: dir + '/log.txt', inMemoryConfig: true }))
    await listen(app, '/county')
  },

  async push(url, workload) {
    const { ops } = readJSON(workload)
    const local = new PouchDB('tablet', { adapter: 'memory' })
    const remote = new PouchDB(url)
    await remote.info() // the database is there before the clock runs
    for (let i = 0; i < ops.length; i += 500) await local.bulkDocs(ops.slice(i, i + 500).map(document))
    return timed(async () => {
      const done = await local.replicate.to(remote, batch)
      failUnless(done.ok && done.docs_written === ops.length && done.doc_write_failures === 0, JSON.stringify(done))
      return { records: done.docs_written }
    })
  },

  async pull(url) {
    const local = new PouchDB('tablet', { adapter: 'memory' })
    return timed(async () => {
      const done = await local.replicate.from(url, batch)
      failUnless(done.ok, JSON.stringify(done))
      return { records: done.docs_written }
    })
  },

  // Each client holds the documents that it edits, edits them offline (untimed),
  // and all replicate at once.
  async writers(url, workload) {
    const { writers } = readJSON(workload)
    const remote = new PouchDB(url)
    const locals = await Promise.all(writers.map(async (ops, i) => {
      const local = new PouchDB('tablet' + i, { adapter: 'memory' })
      const held = await remote.allDocs({ keys: ops.map(op => op.record), include_docs: true })
      await local.bulkDocs(held.rows.map(row => row.doc), { new_edits: false })
      await local.bulkDocs(held.rows.map((row, j) => ({ ...row.doc, ...ops[j].set })))
      return local
    }))
    const result = await timed(async () => {
      const all = await Promise.all(locals.map(local => local.replicate.to(url, batch)))
      return { written: all.reduce((n, one) => n + one.docs_written, 0), failures: all.reduce((n, one) => n + one.doc_write_failures, 0) }
    })
    const keys = [...new Set(writers.flat().map(op => op.record))]
    const docs = await Promise.all(keys.slice(0, 200).map(key => remote.get(key, { conflicts: true })))
    const hidden = docs.map(doc => doc._conflicts?.length ?? 0)
    return { ...result, hiddenBranches: hidden.reduce((a, b) => a + b, 0), mostOnOne: Math.max(...hidden) }
  },
})
