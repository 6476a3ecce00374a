// The passphrase: chosen, entered, changed. It wraps the data key, which open.ts uses.
import { clearTries, countTry, tryState } from '@/crypto/tries'
import { lockWith, newDataKey, rewrap, unlockWith, type VaultPorts, type VaultRow } from '@/crypto/vault'
import { now, random, sessions, state } from '../app'
import { held, open } from './open'

const ports: VaultPorts = {
  random,
  derive: async (passphrase, salt, hardness) => (await import('@/crypto/argon2')).derive(passphrase, salt, hardness),
}

export const vaultOfWho = async (): Promise<VaultRow | undefined> => (state.who ? sessions.vault(state.who.id) : undefined)

/** The first passphrase on this tablet, or a new one for a key that the server opened. */
export async function choose(passphrase: string): Promise<void> {
  if (state.who === null) throw new Error('lock: nobody to choose a passphrase for')
  const { id } = state.who
  const known = await sessions.vault(id)
  const key = held.key ?? newDataKey(ports)
  await sessions.keepVault(known && held.key ? await rewrap(ports, known, key, passphrase) : await lockWith(ports, id, passphrase, key))
  void navigator.storage?.persist?.()
  await open(key)
}

export type Unlocking = { ok: true } | { ok: false; row: VaultRow }

/** Counts the try on disk before it looks at the passphrase. */
export async function unlock(passphrase: string): Promise<Unlocking> {
  const id = state.who?.id ?? ''
  const before = await sessions.vault(id)
  if (before === undefined) throw new Error('lock: no lock to open')
  if (tryState(before, now()).kind !== 'open') return { ok: false, row: before }
  const row = await sessions.changeVault(id, (stored) => countTry(stored, now()))
  const key = row && (await unlockWith(ports, row, passphrase))
  if (!row || !key) return { ok: false, row: row ?? before }
  await Promise.all([open(key), sessions.changeVault(id, clearTries)])
  return { ok: true }
}

/** Another passphrase: only the key is wrapped anew. Not ok if the old one is wrong. */
export async function change(old: string, next: string): Promise<Unlocking> {
  const id = state.who?.id ?? ''
  const row = await sessions.changeVault(id, (stored) => (tryState(stored, now()).kind === 'open' ? countTry(stored, now()) : stored))
  if (row === undefined) throw new Error('lock: no lock to change')
  const key = await unlockWith(ports, row, old)
  if (key === null) return { ok: false, row }
  await sessions.keepVault(await rewrap(ports, row, key, next))
  return { ok: true }
}
