// Search in the list of households: by what a worker remembers of a family.
import { beforeAll, describe, expect, it } from 'vitest'
import { loadPinyin, prepareSearch, search } from '../src/tablet/data/search'
import type { HouseholdLine } from '../src/tablet/data/village'

const line = (head: string, members: string[], address = '', phone = ''): HouseholdLine =>
  ({ id: head, head, address, phone, members: members.map((name) => ({ id: name, name, birthDate: '' })) }) as unknown as HouseholdLine

const lines = [
  line('张建国', ['张建国', '王秀英'], '九龙街道大店村3组', '13800001111'),
  line('王秀英', ['王秀英'], '胶北街道'),
  line('单玉芳', ['单玉芳', 'Ana Li'], '', '13900002222'),
]
const found = (query: string): string[] => search(lines, query).map((each) => each.id)

describe('searching the village', () => {
  it('finds nothing to leave out where nothing is typed', () => {
    expect(search(lines, '  ')).toBe(lines)
  })
  it('finds head, member, address and telephone number, households by their head first', () => {
    expect(found('王秀英')).toEqual(['王秀英', '张建国'])
    expect(found('大店')).toEqual(['张建国'])
    expect(found('1390000')).toEqual(['单玉芳'])
    expect(found('ana')).toEqual(['单玉芳'])
    expect(found('李')).toEqual([])
  })
  it('does not find what only two neighbouring words make together', () => {
    expect(found('国王')).toEqual([])
  })
  it('spells nothing before the speller is here', () => {
    expect(found('wxy')).toEqual([])
  })

  describe('in Latin letters', () => {
    beforeAll(loadPinyin)
    it('finds the beginning of initials and of the whole spelling, of members, too', () => {
      expect(found('wxy')).toEqual(['王秀英', '张建国'])
      expect(found('zhangj')).toEqual(['张建国'])
      expect(found('jianguo')).toEqual([])
    })
    it('finds initials in the middle from two letters on', () => {
      expect(found('jg')).toEqual(['张建国'])
      expect(found('g')).toEqual([])
      expect(found('gw')).toEqual([])
    })
    it('reads a surname as a surname', () => {
      expect(found('shan')).toEqual(['单玉芳'])
      expect(found('dan')).toEqual([])
    })
    it('knows a line that has changed', () => {
      const changed = lines.map((each) => ({ ...each, head: each.head === '张建国' ? '赵四' : each.head }))
      prepareSearch(changed)
      expect(search(changed, 'zs').map((each) => each.head)).toEqual(['赵四'])
      expect(found('zs')).toEqual([])
    })
  })
})
