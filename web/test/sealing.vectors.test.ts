// docs/vectors/sealing.json: the tablet seals, byte for byte, what sync/sealing opens.
import { readFileSync } from 'node:fs'
import { DhkemP256HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import { base64url, fromBase64url, type Bytes } from '../src/crypto/bytes'
import { SealingCodec, type SealedBody } from '../src/crypto/codec'
import { purposes, sealTo, type Purpose } from '../src/crypto/hpke'
import { newDataKey } from '../src/crypto/vault'
import { randomOf } from './random'

interface KeyVector {
  name: string
  purpose: string
  account: string
  ephemeral: string
  key: string
  sealed: string
}

interface OpVector {
  name: string
  account: string
  id: string
  key: string
  handover: string
  nonce: string
  body: string
  data: string
}

const vectors = JSON.parse(readFileSync(new URL('../../docs/vectors/sealing.json', import.meta.url), 'utf8')) as {
  server: { id: string; key: string }
  keys: KeyVector[]
  ops: OpVector[]
}
const serverKey = fromBase64url(vectors.server.key)
const bytesOf = (hex: string): Bytes => Uint8Array.from(Buffer.from(hex, 'hex'))
const kem = new DhkemP256HkdfSha256()
const encBytes = 65

/** The pair that the vector was sealed with: its public half is what was encapsulated. */
async function ephemeralOf({ ephemeral, sealed }: KeyVector): Promise<CryptoKeyPair> {
  const [privateKey, publicKey] = await Promise.all([kem.deserializePrivateKey(bytesOf(ephemeral)), kem.deserializePublicKey(fromBase64url(sealed).slice(0, encBytes))])
  return { privateKey, publicKey }
}

async function sealed(vector: KeyVector): Promise<Bytes> {
  const purpose = (Object.keys(purposes) as Purpose[]).find((name) => purposes[name] === vector.purpose)
  if (purpose === undefined) throw new Error(`no purpose ${vector.purpose}`)
  return sealTo(serverKey, purpose, vector.account, bytesOf(vector.key), await ephemeralOf(vector))
}

describe('docs/vectors/sealing.json', () => {
  it.each(vectors.keys)('$name', async (vector) => {
    expect(base64url(await sealed(vector))).toBe(vector.sealed)
  })

  it.each(vectors.ops)('$name', async ({ id, key, handover, nonce, body, data }) => {
    // What the codec draws, in its order: the hand-over key, the nonce of its own copy, the body's nonce.
    const drawn = [bytesOf(handover), new Uint8Array(12), bytesOf(nonce)]
    const codec = await SealingCodec.of(newDataKey({ random: randomOf(5) }), (into) => into.set(drawn.shift() ?? []))
    const vector = vectors.keys.find((one) => one.sealed === key)
    if (vector === undefined) throw new Error('the hand-over key is no vector')
    await codec.adopt({ server: vectors.server.id, seal: (raw) => (expect(raw).toEqual(bytesOf(vector.key)), sealed(vector)) })
    const stored = (await codec.encode(id, JSON.parse(body), 'handover')) as SealedBody
    expect(base64url(stored.data)).toBe(data)
    expect(stored.handover).toMatchObject({ server: vectors.server.id })
    expect(base64url(stored.handover!.key)).toBe(key)
    expect(drawn).toEqual([])
  })

  it('draws another ephemeral key each time where none is given', async () => {
    const once = (): Promise<Bytes> => sealTo(serverKey, 'handover', 'a', bytesOf(vectors.keys[0]!.key))
    expect(await once()).not.toEqual(await once())
  })
})
