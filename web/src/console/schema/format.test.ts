import { describe, expect, it } from 'vitest'
import { speak } from './format'
import { sampleSchema, sayKey } from './sample'

const MEMBER = '01920000-0000-7000-8000-0000000000ab'
const words = { say: sayKey, nameOf: (id: string) => (id === MEMBER ? '张桂兰' : null) }
const text = (field: string, value: unknown, type = 'households') => speak(sampleSchema, type, field, value, words).text

describe('speak', () => {
  it('says the unit of a number and groups its digits', () => {
    expect(text('monthly_income', 12600)).toBe('12,600 元')
    expect(text('monthly_income', 0)).toBe('0 元')
  })

  it('tells nothing from nothing: null, empty text and an empty list are "not filled", zero and false are values', () => {
    for (const value of [null, undefined, '', []]) {
      expect(speak(sampleSchema, 'households', 'tags', value, words)).toEqual({ text: '未填', empty: true })
    }
    expect(text('urban', false)).toBe('否')
  })

  it('uses the labels of options, in lists too, and shows an unknown option as it is', () => {
    expect(text('housing_grade', 'C')).toBe('C 级(局部危险)')
    expect(text('housing_grade', 'E')).toBe('E')
    expect(text('tags', ['alone', '低龄'])).toBe('独居、低龄')
  })

  it('names a referenced record, and says plainly when it is not known here', () => {
    expect(text('member', MEMBER, 'status_changes')).toBe('张桂兰')
    expect(text('member', MEMBER.replace('ab', 'cd'), 'status_changes')).toBe('value.record(0000cd)')
  })

  it('says a place by its name where it is known, and other texts of twelve digits as they are', () => {
    const known = { say: sayKey, nameOf: (code: string) => (code === '370281102200' ? '胶州市三里河街道李新社区' : null) }
    expect(speak(sampleSchema, 'households', 'registered_region', '370281102200', known).text).toBe('胶州市三里河街道李新社区')
    expect(speak(sampleSchema, 'households', 'registered_region', '370214001001', known).text).toBe('370214001001')
  })

  it('says a group field by field', () => {
    expect(text('state', { state: 'closed', state_reason: '全家迁出' })).toBe('状态 已销户、状态原因 全家迁出')
    expect(text('state', 'closed')).toBe('已销户')
  })

  it('says places, log entries and dates', () => {
    expect(text('place', { lat: 36.264612, lng: 120.033, accuracy: 12.4 })).toBe('value.placeWithin(36.26461,120.03300,12)')
    expect(text('remarks', [{ id: '1', text: '门口有台阶' }])).toBe('门口有台阶')
    expect(text('last_visited', '2026-03-01 00:00:00.000Z')).toBe('2026-03-01')
  })

  it('bounds a long list and says how many are left out', () => {
    expect(text('remarks', Array.from({ length: 60 }, (_, i) => `第${i}条`))).toMatch(/、value\.andMore\(10\)$/)
  })

  it('masks what is sensitive, unless the work needs it whole', () => {
    const number = '11010519491231002X'
    expect(text('id_number', number)).toBe('110105********002X')
    expect(text('id_number', '12345')).toBe('*****')
    expect(speak(sampleSchema, 'households', 'id_number', number, { ...words, reveal: true }).text).toBe(number)
  })

  it('shows a field that the schema does not know', () => {
    expect(text('new_field', 'x')).toBe('x')
  })
})
