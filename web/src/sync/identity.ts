// UUIDv7 (RFC 9562): ids that sort by time of creation. Clock and randomness are arguments.

export interface IdSource {
  now: () => number
  random: (bytes: Uint8Array<ArrayBuffer>) => void
}

export function newId(source: IdSource): string {
  const bytes = new Uint8Array(16)
  source.random(bytes)
  let millis = Math.max(0, Math.floor(source.now()))
  for (let at = 5; at >= 0; at--) {
    bytes[at] = millis % 256
    millis = Math.floor(millis / 256)
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
