import { expect, it } from 'vitest'
import type { DeviceRow } from '../api/types'
import { deviceState, opsReceived } from './state'

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
