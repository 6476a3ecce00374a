import { describe, expect, it } from 'vitest'
import { deviceName, personInRole, personName } from './person'
import { sampleSchema, sayKey } from './sample'

describe('people and devices', () => {
  it('names a person, with the role where the schema knows it', () => {
    expect(personName({ id: 'a', name: '李梅' }, sayKey)).toBe('李梅')
    expect(personInRole(sampleSchema, { id: 'a', name: '李梅', role: 'worker' }, sayKey)).toBe('李梅value.bracketed(村级人员)')
    expect(personInRole(sampleSchema, { id: 'a', name: '李梅', role: 'x' }, sayKey)).toBe('李梅')
    expect(personName(undefined, sayKey)).toBe('person.unknown')
  })

  it('calls the server what it is', () => {
    expect(personName({ id: 'server', name: '' }, sayKey)).toBe('person.server')
    expect(deviceName({ id: 'd', name: 'rule:photos' }, sayKey)).toBe('person.server')
    expect(deviceName({ id: 'd', name: '小米平板' }, sayKey)).toBe('小米平板')
    expect(deviceName({ id: 'd', name: 'u1' }, sayKey, { id: 'u1' })).toBe('person.console')
    expect(deviceName(undefined, sayKey)).toBe('person.unknownDevice')
  })
})
