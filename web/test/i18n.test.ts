// Every key that a screen asks for is there, and no text stands in a screen itself.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { en } from '../src/tablet/i18n/en'
import { zhCN } from '../src/tablet/i18n/zh-CN'

const root = fileURLToPath(new URL('../src/tablet/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name))
const sources = files.map((name) => ({ name, source: readFileSync(root + name, 'utf8') }))

const has = (key: string): boolean => {
  let at: unknown = zhCN
  for (const part of key.split('.')) at = (at as Record<string, unknown> | undefined)?.[part]
  return at !== undefined
}

describe('the Chinese texts', () => {
  it('has every key that is asked for by name', () => {
    const missing = sources.flatMap(({ name, source }) =>
      [...source.matchAll(/\bt\(\s*'([a-z_.]+)'/g), ...source.matchAll(/\?\s*'([a-z_]+\.[a-z_.]+)'\s*:\s*'([a-z_]+\.[a-z_.]+)'/g)]
        .flatMap((match) => match.slice(1))
        .filter((key) => key.includes('.') && !has(key))
        .map((key) => `${name}: ${key}`),
    )
    expect(missing).toEqual([])
  })

  it('is the only place of Chinese text, but for comments and surnames', () => {
    const inline = sources
      .filter(({ name }) => name !== 'data/pinyin.ts')
      .flatMap(({ name, source }) =>
        source
          .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(^|\s)\/\/.*$/gm, '')
          .split('\n')
          .filter((line) => /[\u4e00-\u9fff]/.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(inline).toEqual([])
  })
})

describe('the English texts', () => {
  const keysOf = (texts: object, before = ''): string[] =>
    Object.entries(texts).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? keysOf(value as object, `${before}${key}.`) : [before + key]))
  const at = (texts: object, key: string): string => String(key.split('.').reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], texts))
  const slots = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()

  it('stand for Chinese ones, and name the same figures', () => {
    const keys = keysOf(en)
    expect(keys.length).toBeGreaterThan(100)
    expect(keys.filter((key) => !has(key))).toEqual([])
    expect(keys.filter((key) => slots(at(en, key)).join() !== slots(at(zhCN, key)).join())).toEqual([])
  })

  it('are whole wherever an area is begun, the ways to a saved and sent visit among them', () => {
    const begun = Object.keys(en)
    expect(begun).toEqual(expect.arrayContaining(['signin', 'lock', 'first', 'today', 'households', 'household', 'visit', 'form', 'fault', 'sync', 'me']))
    const lacking = begun.flatMap((area) => {
      const known = keysOf(en[area] as object)
      return keysOf((zhCN as Record<string, object>)[area] ?? {}).filter((key) => !known.includes(key)).map((key) => `${area}.${key}`)
    })
    expect(lacking).toEqual([])
  })
})
