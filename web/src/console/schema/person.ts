/** Who did something, and with what, in words. */
import type { Device, Person } from '../api/types'
import type { Say } from './format'
import type { Schema } from './schema'

/** The server itself: rules, imports, the state of photos. */
const SERVER = 'server'
const RULE_DEVICE = /^rule:/

export const isServer = (person: Person | undefined): boolean => person?.id === SERVER

export function personName(person: Person | undefined, say: Say): string {
  if (isServer(person)) return say('person.server')
  return person?.name || say('person.unknown')
}

/** Name and role: 李梅（村级人员）. */
export function personInRole(schema: Schema, person: Person | undefined, say: Say): string {
  const role = schema.roleLabel(person?.role)
  return personName(person, say) + (role ? say('value.bracketed', { text: role }) : '')
}

/** An office works on no tablet: its device goes by the account's id. */
export function deviceName(device: Device | undefined, say: Say, author?: Person): string {
  if (device?.name && device.name === author?.id) return say('person.console')
  if (device?.name && RULE_DEVICE.test(device.name)) return say('person.server')
  return device?.name || say('person.unknownDevice')
}
