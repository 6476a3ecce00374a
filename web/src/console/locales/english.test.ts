import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zhCN } from './zh-CN'

/** Areas whose every word is there; a new Chinese word in one of them needs its English. */
const COMPLETE = [
  'account', 'app', 'applications', 'cases', 'change', 'dashboard', 'devices', 'error', 'households', 'inquiry', 'keys', 'level', 'list', 'live', 'nav', 'op', 'ops',
  'outcome', 'own', 'person', 'photo', 'referrals', 'reviews', 'search', 'signIn', 'time', 'today', 'value', 'warnings',
]
/** Areas that may lack a word: it is shown in Chinese. */
const BEGUN: string[] = []

type Words = { [key: string]: string | Words }
const flat = (words: Words, before = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`)))
const chinese = new Map(flat(zhCN as Words))
const english = new Map(flat(en as Words))
const slots = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join()

describe('the console’s English', () => {
  it('stands for Chinese words, and names the same figures', () => {
    expect(english.size).toBeGreaterThan(900)
    expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([])
    expect([...english].filter(([key, words]) => slots(words) !== slots(chinese.get(key) ?? '')).map(([key]) => key)).toEqual([])
  })

  it('is whole where it is said to be, and every area of it is in one of the tables', () => {
    expect(Object.keys(en).sort()).toEqual([...COMPLETE, ...BEGUN].sort())
    const lacking = [...chinese.keys()].filter((key) => COMPLETE.includes(key.split('.')[0]!) && !english.has(key))
    expect(lacking).toEqual([])
  })

  it('is English, but for a language’s own name', () => {
    expect([...english].filter(([key, words]) => /[\u4e00-\u9fff]/.test(words) && !key.startsWith('account.languages.')).map(([key]) => key)).toEqual([])
  })
})
