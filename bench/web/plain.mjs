// The app without encryption: the tablet's own build with two modules exchanged, in
// a folder of its own, and a server for its files that passes /api on to the product.
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { top } from '../../e2e/fixture/tools.mjs'

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.webmanifest': 'application/manifest+json' }

/** Builds it into a temporary folder; pb_public is not touched. */
async function buildPlain() {
  const dir = await mkdtemp(join(tmpdir(), 'doorstep-plain-'))
  const { build } = await import(pathToFileURL(join(fromWeb.resolve('vite/package.json'), '../dist/node/index.js')).href)
  await build({
    configFile: join(top, 'web/vite.config.ts'),
    root: join(top, 'web'),
    logLevel: 'error',
    build: { outDir: dir, emptyOutDir: true },
    resolve: {
      alias: [
        { find: '@/crypto/codec', replacement: here('plain-codec.js') },
        { find: '@/crypto/hpke', replacement: here('plain-hpke.js') },
      ],
    },
  })
  return dir
}

export class PlainApp {
  /** @param {number} apiPort where the product serves */
  static async before(apiPort) {
    const app = new PlainApp()
    app.dir = await buildPlain()
    app.server = createServer((req, res) => (req.url.startsWith('/api/') ? pass(apiPort, req, res) : app.#file(req, res)))
    await new Promise((resolve) => app.server.listen(0, '127.0.0.1', resolve))
    app.url = `http://127.0.0.1:${app.server.address().port}`
    return app
  }

  async #file(req, res) {
    const name = normalize(new URL(req.url, this.url).pathname)
    const path = join(this.dir, name === '/' ? 'index.html' : name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) return res.writeHead(404).end()
    res.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' })
    createReadStream(path).pipe(res)
  }

  async kill() {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  async remove() {
    if (this.server.listening) await this.kill()
    await rm(this.dir, { recursive: true, force: true })
  }
}

function pass(port, req, res) {
  const headers = { ...req.headers, host: `127.0.0.1:${port}` }
  const onward = request({ host: '127.0.0.1', port, path: req.url, method: req.method, headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers)
    answer.pipe(res)
  })
  onward.on('error', () => res.destroy())
  req.pipe(onward)
}
