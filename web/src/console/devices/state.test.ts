import { expect, it } from 'vitest'
import type { DeviceRow } from '../api/types'
import { byNeed, deviceState, isOlder, newestApp, opsReceived } from './state'

const NOW = new Date('2026-03-10T00:00:00Z')
const device = (over: Partial<DeviceRow>): DeviceRow => ({ device: 'd', name: '', platform: '', account: { id: 'a' }, ...over })

it('tells revoked, silent and active devices apart', () => {
  expect(deviceState(device({ revoked: true, last_seen: '2026-03-10T00:00:00Z' }), NOW)).toBe('revoked')
  expect(deviceState(device({ last_seen: '2026-03-02T23:00:00Z' }), NOW)).toBe('silent')
  expect(deviceState(device({}), NOW)).toBe('silent')
  expect(deviceState(device({ last_seen: '2026-03-04T00:00:00Z' }), NOW)).toBe('active')
})

it('counts the ops received from the next number', () => {
  expect(opsReceived(device({ next_n: 18 }))).toBe(17)
  expect(opsReceived(device({}))).toBe(0)
})

it('puts the longest silent on top and the lost at the end', () => {
  const order = [
    device({ device: 'today', last_seen: '2026-03-10T00:00:00Z' }),
    device({ device: 'lost', last_seen: '2026-03-10T00:00:00Z', revoked: '2026-03-10T00:00:00Z' }),
    device({ device: 'eight', last_seen: '2026-03-02T00:00:00Z' }),
    device({ device: 'yesterday', last_seen: '2026-03-09T00:00:00Z' }),
    device({ device: 'never' }),
    device({ device: 'month', last_seen: '2026-02-10T00:00:00Z' }),
  ].sort(byNeed(NOW))
  expect(order.map((each) => each.device)).toEqual(['never', 'month', 'eight', 'today', 'yesterday', 'lost'])
})

it('knows an older version by its numbers, not by its letters', () => {
  const newest = newestApp([device({ app: '0.9.0' }), device({}), device({ app: '0.10.0' }), device({ app: '0.2' })])
  expect(newest).toBe('0.10.0')
  expect(['0.9.0', '0.10', '0.10.0', undefined].map((app) => isOlder(app, newest))).toEqual([true, false, false, false])
})
