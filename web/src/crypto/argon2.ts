// Argon2id (RFC 9106) in WebAssembly. A module of its own, loaded by the screens
// that ask for a passphrase.
import { argon2id } from 'hash-wasm'
import type { Bytes } from './bytes'
import type { Hardness } from './vault'

export async function derive(passphrase: string, salt: Bytes, hardness: Hardness): Promise<Bytes> {
  const { memoryKiB, passes } = hardness
  const key = await argon2id({
    password: passphrase.normalize('NFC'),
    salt,
    memorySize: memoryKiB,
    iterations: passes,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  })
  return key as Bytes
}
