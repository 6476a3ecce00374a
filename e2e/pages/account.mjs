// Signing in for the first time, and one's own account, in both apps.
import { createHmac } from 'node:crypto'

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a telephone's authenticator shows for a secret (RFC 6238), so many steps from now. */
export function codeOf(secret, steps = 0) {
  let bits = ''
  for (const letter of secret) bits += base32.indexOf(letter).toString(2).padStart(5, '0')
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac[mac.length - 1] & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** The form that stands between a slip's password and the desk. */
export async function chooseAtDesk(desk, password) {
  await desk.at('password-new').fill(password)
  await desk.at('password-again').fill(password)
  await desk.at('password-save').click()
}

/** Photographs the square, as far as a test can: the letters below it are typed. Answers the secret. */
export async function bindFactor(desk) {
  await desk.at('factor-secret').waitFor()
  const secret = (await desk.at('factor-secret').innerText()).trim()
  await desk.at('factor-code').fill(codeOf(secret))
  await desk.at('factor-confirm').click()
  await desk.at('recovery-codes').waitFor()
  return secret
}
