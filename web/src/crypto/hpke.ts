// HPKE, RFC 9180: base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
// The tablet only seals; the server alone opens (sync/sealing in Go). Loaded when a
// server's key is there, not with the first page.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { utf8, type Bytes } from './bytes'

/** What a sealed key is for: the server opens it for that purpose only. */
export const purposes = { handover: 'doorstep handover 1', recovery: 'doorstep recovery 1' } as const
export type Purpose = keyof typeof purposes

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/**
 * The encapsulated key, and after it the ciphertext. `account` is associated data.
 * The ephemeral key pair is a new one each time; docs/vectors tells which it was.
 */
export async function sealTo(serverKey: Bytes, purpose: Purpose, account: string, plain: Bytes, ephemeral?: CryptoKeyPair): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(serverKey)
  const sender = await suite.createSenderContext({ recipientPublicKey, info: utf8(purposes[purpose]), ekm: ephemeral })
  const sealed = new Uint8Array(await sender.seal(plain, utf8(account)))
  const enc = new Uint8Array(sender.enc)
  const out = new Uint8Array(enc.length + sealed.length)
  out.set(enc)
  out.set(sealed, enc.length)
  return out
}
