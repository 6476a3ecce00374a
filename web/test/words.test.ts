// Whatever goes wrong, a worker is told in Chinese what it is and what to do: every code
// of the server's catalogue and every code of this client has its sentence.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import sync from '../src/tablet/i18n/zh-CN/sync.json'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const catalogue = read('../../sync/wire/errors.go')
const codes = [...catalogue.matchAll(/^\t\w+\s+Code = "([a-z_]+)"/gm)].map((match) => match[1] ?? '')
/** Those that stand in an op's result only. */
const ofOps = [...catalogue.matchAll(/^\t(\w+):\s+\{0,/gm)].map((match) => {
  const named = new RegExp(`^\\t${match[1]}\\s+Code = "([a-z_]+)"`, 'm').exec(catalogue)
  return named?.[1] ?? ''
})
const sources = readdirSync(fileURLToPath(new URL('../src/sync/', import.meta.url))).map((name) => read(`../src/sync/${name}`))
const own = new Set(sources.flatMap((text) => [...text.matchAll(/new SyncProblem\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? '')))
const mapped = new Set(sources.flatMap((text) => [...text.matchAll(/^\s+\d{3}: '([a-z_]+)',$/gm)].map((match) => match[1] ?? '')))

const hasWords = (texts: Record<string, string>, code: string): boolean => /[\u4e00-\u9fff]{4}/.test(texts[code] ?? '')

describe('the words for trouble', () => {
  it('are there for every code of the server that stands for a request', () => {
    expect(codes.length).toBeGreaterThan(15)
    expect(ofOps).toContain('id_taken')
    expect(codes.filter((code) => !ofOps.includes(code) && !hasWords(sync.problem, code))).toEqual([])
  })

  it('are there for every code with which a single edit is refused', () => {
    expect([...ofOps, 'invalid', 'forbidden'].filter((code) => !hasWords(sync.refusal, code))).toEqual([])
  })

  it('are there for every code that this client makes itself', () => {
    for (const known of ['unreachable', 'timeout', 'malformed', 'no_progress', 'quota', 'internal', 'upload_gone', 'checksum']) own.add(known)
    expect([...own, ...mapped].filter((code) => !hasWords(sync.problem, code))).toEqual([])
  })

  it('say what happens next or what to do', () => {
    const does = /自动|请|都在|不受影响|仍会|重新/
    expect(Object.entries(sync.problem).filter(([code, words]) => code !== 'refused' && !does.test(words))).toEqual([])
  })
})
