// Runs the browser scenarios, two at a time, against the real binary in real Chromium;
// each has a server, a folder and browsers of its own.
// usage: node e2e/run.mjs [part of a scenario's file name]
import { readdir, mkdir, rm } from 'node:fs/promises'
import { scenarios, World } from './fixture/scenario.mjs'
import { buildBinary } from './fixture/server.mjs'
import { outDir } from './fixture/tools.mjs'

/** No scenario may hang the run. */
const scenarioMillis = 300_000
/** A scenario mostly waits, for a browser to start or a screen to appear. */
const atATime = 2
const wanted = process.argv[2] ?? ''

async function runOne({ slug, name, run }) {
  const world = new World(slug)
  const began = Date.now()
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the scenario takes longer than ${scenarioMillis / 1000} s`)), scenarioMillis)
  })
  let outcome = 'ok  '
  try {
    await Promise.race([run(world), tooLong])
    world.refused()
  } catch (error) {
    outcome = 'FAIL'
    world.say(await world.failure(error))
  } finally {
    clearTimeout(timer)
    await world.end()
  }
  console.log(`--- ${name}\n${world.report()}\n${outcome} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return outcome !== 'FAIL'
}

const folder = new URL('./scenarios/', import.meta.url)
const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs') && file.includes(wanted)).sort()
await rm(outDir, { recursive: true, force: true })
await mkdir(outDir, { recursive: true })
await buildBinary()
for (const file of files) await import(new URL(file, folder).href)

let passed = 0
const waiting = [...scenarios]
async function work() {
  for (let one = waiting.shift(); one; one = waiting.shift()) if (await runOne(one)) passed++
}
await Promise.all(Array.from({ length: atATime }, work))
const failed = scenarios.length - passed
console.log(`${passed} passed, ${failed} failed`)
// A run without a scenario has proved nothing.
process.exit(failed > 0 || passed === 0 ? 1 : 0)
