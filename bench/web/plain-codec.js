// What stands in for web/src/crypto/codec.ts in the build that the encrypted app is
// held against: the same app, the same calls, bodies stored as they are.
import { plainCodec } from '@/store/codec'

export class SealingCodec {
  #server = null

  static async of() {
    return new SealingCodec()
  }

  async adopt({ server }) {
    this.#server = server
  }

  async recipient() {
    return this.#server
  }

  encode(id, body) {
    return plainCodec.encode(id, body)
  }

  decode(id, stored) {
    return plainCodec.decode(id, stored)
  }
}

export const isSealed = () => true
export const lockedCodec = plainCodec
