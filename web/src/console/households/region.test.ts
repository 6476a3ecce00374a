import { expect, it } from 'vitest'
import { shortRegion } from './region'

it('leaves the county out of a village’s name, and a county’s own name whole', () => {
  expect(shortRegion('胶州市李哥庄镇港东新村')).toBe('李哥庄镇港东新村')
  expect(shortRegion('胶州市')).toBe('胶州市')
  expect(shortRegion(undefined)).toBe('')
})
