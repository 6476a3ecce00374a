// What every peer's script shares: reading the workload, timing a phase with the
// client's own CPU, and a server that tells where it listens. A server ends when
// its standard input does, so that none outlives the benchmark.
import { readFileSync } from 'node:fs'
import { once } from 'node:events'

export const readJSON = path => JSON.parse(readFileSync(path, 'utf8'))

/** Runs a phase and answers its seconds, this process's CPU seconds, and what it said. */
export async function timed(phase) {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const said = await phase()
  const seconds = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  return { seconds, cpu: (used.user + used.system) / 1e6, ...said }
}

export const say = answer => process.stdout.write(JSON.stringify(answer) + '\n')

/** Listens on a free port of 127.0.0.1, tells the address, and ends with stdin. */
export async function listen(app, path = '') {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  say({ url: `http://127.0.0.1:${server.address().port}${path}` })
  endWithStdin()
}

export function endWithStdin() {
  process.stdin.resume()
  process.stdin.on('end', () => process.exit(0))
}

/** Runs the phase that the command line names: `node peer.mjs PHASE URL WORKLOAD`. */
export async function run(phases) {
  const [name, ...args] = process.argv.slice(2)
  const answer = await phases[name](...args)
  if (answer === undefined) return
  say(answer)
  process.exit(0)
}
