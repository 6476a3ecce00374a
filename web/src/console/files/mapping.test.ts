import { describe, expect, it } from 'vitest'
import { assign, headingOf, NO_COLUMN, samplesOf, whole } from './mapping'

describe('a mapping', () => {
  it('says of every field what it is, also that it is not there', () => {
    expect(whole(['name', 'plate', 'phone'], { name: '车主', plate: NO_COLUMN })).toEqual({ name: '车主', plate: NO_COLUMN, phone: NO_COLUMN })
  })

  it('gives a heading to one field at a time', () => {
    const moved = assign({ name: '车主', phone: '电话' }, 'phone', '车主')
    expect(headingOf(moved, 'name')).toBe('')
    expect(headingOf(moved, 'phone')).toBe('车主')
    expect(assign(moved, 'phone', '')).toEqual({ name: NO_COLUMN, phone: NO_COLUMN })
  })

  it('shows what stands under a heading', () => {
    expect(samplesOf(['姓名', '车牌'], [['张三', ''], ['李四', '鲁B1']], '车牌')).toEqual(['鲁B1'])
    expect(samplesOf(['姓名'], [['张三']], '没有')).toEqual([])
  })
})
