// What a tablet downloads, from pb_public as it is shipped, each file by gzip.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { top } from '../../e2e/fixture/tools.mjs'

const shipped = join(top, 'pb_public')

/** Kilobytes (1,000 bytes) of these files. */
export async function gzipKilobytes(names) {
  const sizes = await Promise.all([...new Set(names)].map(async (name) => gzipSync(await readFile(join(shipped, name))).length))
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}

/** The page and all that it names: scripts, what they import without asking, styles. */
export async function eager() {
  const page = await readFile(join(shipped, 'index.html'), 'utf8')
  const named = [...page.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1])
  return ['index.html', ...named]
}

/** What the service worker fetches to work without a network, and itself. */
export async function precache() {
  const worker = await readFile(join(shipped, 'sw.js'), 'utf8')
  const listed = [...worker.matchAll(/\burl:\s*"([^"]+)"/g)].map((match) => match[1])
  if (listed.length === 0) throw new Error('sw.js: no list of files to keep')
  return ['sw.js', ...listed]
}

/** Files that must not be among the first: the console, charts, the table of pinyin. */
export async function strangers(names) {
  const alien = await Promise.all(names.map(async (name) => /console|chart|pinyin/i.test(name) || /echarts|pinyin-pro/.test(await readFile(join(shipped, name), 'utf8'))))
  return names.filter((_name, at) => alien[at])
}
