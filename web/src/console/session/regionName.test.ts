import { describe, expect, it } from 'vitest'
import { withoutArea } from './regionName'

const VILLAGE = '胶州市李哥庄镇港东新村'

describe('withoutArea', () => {
  it('leaves out what is the same for everything the desk sees', () => {
    expect(withoutArea(VILLAGE, ['胶州市李哥庄镇'])).toBe('港东新村')
    expect(withoutArea(VILLAGE, ['胶州市'])).toBe('李哥庄镇港东新村')
    expect(withoutArea(VILLAGE, ['胶州市', '胶州市李哥庄镇'])).toBe('港东新村')
  })

  it('keeps a name whole that is not below, or is the area itself', () => {
    expect(withoutArea(VILLAGE, ['胶州市铺集镇'])).toBe(VILLAGE)
    expect(withoutArea(VILLAGE, [VILLAGE])).toBe(VILLAGE)
    expect(withoutArea(VILLAGE, [])).toBe(VILLAGE)
    expect(withoutArea(undefined, ['胶州市'])).toBe('')
  })
})
