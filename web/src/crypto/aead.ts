// AES-256-GCM by WebCrypto: a random 96-bit nonce in front of each ciphertext.
// Random nonces are safe for 2^32 bodies under one key; a tablet that saved one at
// each keystroke, ten a second without a pause, would get there in thirteen years.
import { utf8, type Bytes } from './bytes'

export type Random = (bytes: Bytes) => void

export const keyBytes = 32
const nonceBytes = 12

/** What was sealed is not what was opened: changed, swapped, or of another key. */
export class Tampered extends Error {
  constructor(what: string) {
    super(`crypto: ${what} does not open with this key and name`)
    this.name = 'Tampered'
  }
}

export function newKeyBytes(random: Random): Bytes {
  const bytes = new Uint8Array(keyBytes)
  random(bytes)
  return bytes
}

export const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])

/**
 * A cipher's promise, made one of the caller's own kind: Dexie's live queries follow
 * what is read after an await only through promises that pass through Promise.
 */
const inZone = <T>(promise: Promise<T>): Promise<T> => Promise.resolve(promise)

/** `name` is associated data: the ciphertext opens under no other. */
export async function encrypt(key: CryptoKey, random: Random, name: string, plain: Bytes): Promise<Bytes> {
  const nonce = new Uint8Array(nonceBytes)
  random(nonce)
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: utf8(name) }
  const sealed = await inZone(crypto.subtle.encrypt(algorithm, key, plain))
  const out = new Uint8Array(nonceBytes + sealed.byteLength)
  out.set(nonce)
  out.set(new Uint8Array(sealed), nonceBytes)
  return out
}

export async function decrypt(key: CryptoKey, name: string, sealed: Bytes): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: sealed.subarray(0, nonceBytes), additionalData: utf8(name) }
  try {
    return new Uint8Array(await inZone(crypto.subtle.decrypt(algorithm, key, sealed.subarray(nonceBytes))))
  } catch {
    throw new Tampered(name)
  }
}
