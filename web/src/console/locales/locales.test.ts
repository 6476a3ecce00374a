import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { zhCN } from './zh-CN'

type Messages = { [key: string]: string | Messages }

function flat(messages: Messages, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'string') all.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text)
  }
  return all
}

const messages = flat(zhCN as Messages)
const root = fileURLToPath(new URL('..', import.meta.url))
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.endsWith('.test.ts') && !file.endsWith('sample.ts'))
  .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }))

/** Keys as they stand in the source: t('a.b'), say("a.b"), and quoted keys handed on. */
const literal = /(?<![\w.$-])(?:\$?t|say)\(\s*(?:[\w.!= ]+\? )?'([\w.]+)'(?: : '([\w.]+)')?/g

describe('the console’s words', () => {
  it('has every key that the source names', () => {
    const missing = sources.flatMap(({ file, text }) =>
      [...text.matchAll(literal)].flatMap((match) => [match[1], match[2]])
        .filter((key): key is string => key !== undefined && !messages.has(key)).map((key) => `${file}: ${key}`))
    expect(missing).toEqual([])
  })

  it('keeps Chinese out of the source', () => {
    const found = sources.filter(({ text }) => /[\u4e00-\u9fff]/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|<!--[\s\S]*?-->/gm, '')))
    expect(found.map(({ file }) => file)).toEqual([])
  })

  it('uses Chinese punctuation between Chinese words', () => {
    const wrong = [...messages].filter(([, text]) => /[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]/.test(text))
    expect(wrong).toEqual([])
  })
})
