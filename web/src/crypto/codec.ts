// The codec of an unlocked tablet: bodies under the data key, with the row's id as
// associated data. What has not been sent is sealed so that the server can open it,
// too: under a key of this session, which lies beside it twice, once for this tablet
// and once for the server.
import type { BodyCodec, Stored, Way } from '@/store/codec'
import { decrypt, encrypt, importKey, newKeyBytes, Tampered, type Random } from './aead'
import { textOf, utf8, type Bytes } from './bytes'

/** A body as it lies on disk. */
export interface SealedBody {
  v: 1
  data: Bytes
  /** Only of what the server may open. */
  handover?: { server: string; key: Bytes; local: Bytes }
}

export const isSealed = (stored: Stored): stored is SealedBody =>
  typeof stored === 'object' && stored !== null && (stored as SealedBody).v === 1 && (stored as SealedBody).data instanceof Uint8Array

/** The server whose key hand-overs are sealed to. */
export interface Recipient {
  server: string
  seal: (key: Bytes) => Promise<Bytes>
}

interface Handover {
  server: string
  key: Bytes
  local: Bytes
  aes: CryptoKey
}

const localName = 'handover-key'
const plainKind = { json: 0, bytes: 1 } as const
/** Opened hand-over keys, by their bytes: one for each session that left something here. */
const keptKeys = 64

export class SealingCodec implements BodyCodec {
  private handover: Promise<Handover> | null = null
  private readonly opened = new Map<string, Promise<CryptoKey>>()

  private constructor(
    private readonly key: CryptoKey,
    private readonly random: Random,
  ) {}

  static async of(dataKey: Bytes, random: Random): Promise<SealingCodec> {
    return new SealingCodec(await importKey(dataKey), random)
  }

  /** From now on what is to be handed over is sealed to this server, too. */
  async adopt(recipient: Recipient): Promise<void> {
    const made = this.newHandover(recipient)
    this.handover = made
    await made
  }

  async recipient(): Promise<string | null> {
    return (await this.handover)?.server ?? null
  }

  async encode(id: string, body: unknown, way?: Way): Promise<Stored> {
    const plain = pack(body)
    const handover = way === 'handover' ? await this.handover : null
    if (!handover) return { v: 1, data: await encrypt(this.key, this.random, id, plain) } satisfies SealedBody
    const { server, key, local, aes } = handover
    return { v: 1, data: await encrypt(aes, this.random, id, plain), handover: { server, key, local } } satisfies SealedBody
  }

  async decode<T>(id: string, stored: Stored): Promise<T> {
    if (!isSealed(stored)) throw new Tampered(id)
    const key = stored.handover ? await this.handoverKey(stored.handover.local) : this.key
    return unpack(await decrypt(key, id, stored.data)) as T
  }

  private async newHandover(recipient: Recipient): Promise<Handover> {
    const raw = newKeyBytes(this.random)
    const [key, local, aes] = await Promise.all([
      recipient.seal(raw),
      encrypt(this.key, this.random, localName, raw),
      importKey(raw),
    ])
    return { server: recipient.server, key, local, aes }
  }

  private handoverKey(local: Bytes): Promise<CryptoKey> {
    const name = local.join()
    let known = this.opened.get(name)
    if (known === undefined) {
      known = decrypt(this.key, localName, local).then(importKey)
      if (this.opened.size >= keptKeys) this.opened.clear()
      this.opened.set(name, known)
    }
    return known
  }
}

/** For a locked store: it can count, number and hand over, and reads nothing. */
export const lockedCodec: BodyCodec = {
  encode: async (id) => Promise.reject(new Tampered(id)),
  decode: async (id) => Promise.reject(new Tampered(id)),
}

function pack(body: unknown): Bytes {
  const bytes = body instanceof Uint8Array ? body : utf8(JSON.stringify(body))
  const out = new Uint8Array(1 + bytes.length)
  out[0] = body instanceof Uint8Array ? plainKind.bytes : plainKind.json
  out.set(bytes, 1)
  return out
}

const unpack = (plain: Bytes): unknown =>
  plain[0] === plainKind.bytes ? plain.slice(1) : JSON.parse(textOf(plain.subarray(1)))
