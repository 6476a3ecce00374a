// The lock of one account's database on one tablet: a random data key, wrapped by
// a key that Argon2id makes of the passphrase. What lies on disk is this row; the
// data key is in the memory of an unlocked tab and nowhere else.
import { decrypt, encrypt, importKey, newKeyBytes, Tampered, type Random } from './aead'
import type { Bytes } from './bytes'

/** What a guess costs. Kept with each lock, so that it can be raised later. */
export interface Hardness {
  memoryKiB: number
  passes: number
}

/**
 * For a tablet of 2 GB and four slow cores: 32 MiB is what WebAssembly gets there
 * without the system ending another app, and three passes are about 0.2 s of CPU
 * on a desk's machine, one to two seconds on such a tablet. See docs/decisions/0019.
 */
export const hardness: Hardness = { memoryKiB: 32 * 1024, passes: 3 }

export type PassphraseKind = 'pin' | 'phrase'

export interface VaultRow {
  account: string
  kind: PassphraseKind
  hardness: Hardness
  salt: Bytes
  /** The data key under the passphrase's key. */
  wrapped: Bytes
  /** The data key sealed to the server; null until the server's key is known. */
  recovery: { server: string; sealed: Bytes } | null
  failed: number
  /** No try before this time. */
  notBefore: number
}

export interface VaultPorts {
  random: Random
  derive: (passphrase: string, salt: Bytes, hardness: Hardness) => Promise<Bytes>
}

const saltBytes = 16
const nameOf = (row: Pick<VaultRow, 'account'>): string => `vault/${row.account}`

/** A lock for a data key: a new one, or one that is already in use. */
export async function lockWith(ports: VaultPorts, account: string, passphrase: string, dataKey: Bytes): Promise<VaultRow> {
  const salt = new Uint8Array(saltBytes)
  ports.random(salt)
  const key = await importKey(await ports.derive(passphrase, salt, hardness))
  const wrapped = await encrypt(key, ports.random, nameOf({ account }), dataKey)
  return { account, kind: kindOf(passphrase), hardness, salt, wrapped, recovery: null, failed: 0, notBefore: 0 }
}

export const newDataKey = (ports: Pick<VaultPorts, 'random'>): Bytes => newKeyBytes(ports.random)

/** The data key, or null for a wrong passphrase. */
export async function unlockWith(ports: VaultPorts, row: VaultRow, passphrase: string): Promise<Bytes | null> {
  const key = await importKey(await ports.derive(passphrase, row.salt, row.hardness))
  try {
    return await decrypt(key, nameOf(row), row.wrapped)
  } catch (error) {
    if (error instanceof Tampered) return null
    throw error
  }
}

/** Another passphrase for the same data key: nothing else is written anew. */
export async function rewrap(ports: VaultPorts, row: VaultRow, dataKey: Bytes, passphrase: string): Promise<VaultRow> {
  return { ...(await lockWith(ports, row.account, passphrase, dataKey)), recovery: row.recovery }
}

export const kindOf = (passphrase: string): PassphraseKind => (/^\d+$/.test(passphrase) ? 'pin' : 'phrase')
