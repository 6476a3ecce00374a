import { describe, expect, it } from 'vitest'
import { bodyOf, missing, shownRows, type FormRow } from './form'

const rows: FormRow[] = [
  { key: 'text', label: '情况', kind: 'long', must: true },
  { key: 'about.region', label: '地区', kind: 'place', must: true, digits: 12 },
  { key: 'amount', label: '金额', kind: 'number' },
  { key: 'again', label: '确需', kind: 'flag', when: (values, refused) => refused.has('again') || values.again === true },
]

describe('a form as a table', () => {
  it('asks some things only when the server did not take the rest', () => {
    expect(shownRows(rows, {}, new Set()).map((row) => row.key)).not.toContain('again')
    expect(shownRows(rows, {}, new Set(['again'])).map((row) => row.key)).toContain('again')
  })

  it('says what is missing, and a town is no village', () => {
    expect(missing(rows, { text: ' ' })?.key).toBe('text')
    expect(missing(rows, { text: '漏雨', 'about.region': '370281102' })?.key).toBe('about.region')
    expect(missing(rows, { text: '漏雨', 'about.region': '370281102200' })).toBeUndefined()
  })

  it('makes a body of what was answered, nested and in numbers', () => {
    expect(bodyOf(rows, { text: ' 漏雨 ', 'about.region': '370281102200', amount: '300', again: false })).toEqual({ text: '漏雨', about: { region: '370281102200' }, amount: 300 })
  })
})
