// What may be a passphrase: six digits or more, as on a bank card, or a phrase of
// eight characters or more. What everybody tries first is refused.

export const pinDigits = 6
const phraseChars = 8
export const maxChars = 64

export type PassphraseFault = 'short' | 'long' | 'weak'

export function passphraseFault(passphrase: string): PassphraseFault | null {
  const chars = [...passphrase]
  if (chars.length > maxChars) return 'long'
  const digits = /^\d+$/.test(passphrase)
  if (chars.length < (digits ? pinDigits : phraseChars)) return 'short'
  return isWeak(chars, digits) ? 'weak' : null
}

/** One character again and again, a run up or down, or a short piece repeated. */
function isWeak(chars: readonly string[], digits: boolean): boolean {
  if (new Set(chars).size < (digits ? 3 : 4)) return true
  const steps = chars.slice(1).map((char, at) => (char.codePointAt(0) ?? 0) - (chars[at]?.codePointAt(0) ?? 0))
  if (steps.every((step) => step === 1) || steps.every((step) => step === -1)) return true
  return [1, 2, 3].some((period) => chars.every((char, at) => char === chars[at % period]))
}
