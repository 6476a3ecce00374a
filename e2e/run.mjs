// Runs the browser scenarios, one after the other, against the real binary in real
// Chromium. usage: node e2e/run.mjs [part of a scenario's file name]
import { readdir, mkdir, rm } from 'node:fs/promises'
import { scenarios, World } from './fixture/scenario.mjs'
import { buildBinary } from './fixture/server.mjs'
import { outDir } from './fixture/tools.mjs'

/** No scenario may hang the run. */
const scenarioMillis = 300_000
const wanted = process.argv[2] ?? ''

async function runOne({ slug, name, run }) {
  const world = new World(slug)
  const began = Date.now()
  console.log(`--- ${name}`)
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the scenario takes longer than ${scenarioMillis / 1000} s`)), scenarioMillis)
  })
  try {
    await Promise.race([run(world), tooLong])
    console.log(`ok   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    return true
  } catch (error) {
    console.log(`FAIL ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    console.log(await world.failure(error))
    return false
  } finally {
    clearTimeout(timer)
    await world.end()
  }
}

const folder = new URL('./scenarios/', import.meta.url)
const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs') && file.includes(wanted)).sort()
await rm(outDir, { recursive: true, force: true })
await mkdir(outDir, { recursive: true })
buildBinary()
for (const file of files) await import(new URL(file, folder).href)

let passed = 0
for (const one of scenarios) if (await runOne(one)) passed++
const failed = scenarios.length - passed
console.log(`${passed} passed, ${failed} failed`)
// A run without a scenario has proved nothing.
process.exit(failed > 0 || passed === 0 ? 1 : 0)
