import { describe, expect, it } from 'vitest'
import type { RegionItem } from '../api/types'
import { officesOf } from './offices'

const region = (code: string, short: string, state: RegionItem['state'] = 'open') => ({ code, short, state }) as RegionItem
const regions = [region('370281', '胶州市'), region('370281102', '李哥庄镇'), region('370281102200', '港东新村'), region('370281102201', '旧村', 'merged')]

describe('the offices of a role', () => {
  it('are places of its own size that are still there', () => {
    expect(officesOf('worker', regions)).toEqual([{ code: '370281102200', label: '李哥庄镇 港东新村' }])
    expect(officesOf('town', regions)).toEqual([{ code: '370281102', label: '李哥庄镇' }])
    expect(officesOf('department', regions)).toEqual([{ code: '370281', label: '胶州市' }])
  })

  it('are none for who answers to no place', () => {
    expect(officesOf('data', regions)).toEqual([])
    expect(officesOf('constructor', regions)).toEqual([])
  })
})
