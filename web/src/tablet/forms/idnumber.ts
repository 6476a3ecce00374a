// ID numbers (GB 11643): the check on the doorstep, the same as domain/idnumber's
// (docs/vectors/idnumber.json holds both to it); the server checks again.

export type IdNumberFault = 'length' | 'character' | 'region' | 'birth' | 'checksum'

export type IdNumber = { number: string; fault: null } | { number: null; fault: IdNumberFault }

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const wrong = (fault: IdNumberFault): IdNumber => ({ number: null, fault })

/** Reads a number as people write it; an old one of 15 digits becomes 18. */
export function readIdNumber(typed: string): IdNumber {
  let clean = cleanIdNumber(typed)
  if (clean.length === 15) {
    if (!/^\d{15}$/.test(clean)) return wrong('character')
    clean = upgrade(clean)
  } else if (clean.length !== 18) return wrong('length')
  else if (!/^\d{17}[\dX]$/.test(clean)) return wrong('character')
  if (clean[0] === '0' || clean[0] === '9') return wrong('region')
  if (birthOf(clean) === null) return wrong('birth')
  return checkCharacter(clean) === clean[17] ? { number: clean, fault: null } : wrong('checksum')
}

/** Spaces, hyphens and a spreadsheet's apostrophe go; full-width becomes ASCII; x becomes X. */
const cleanIdNumber = (typed: string): string =>
  typed
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200b'-]/g, '')
    .replaceAll('x', 'X')

function checkCharacter(digits: string): string | undefined {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return '10X98765432'[sum % 11]
}

/** The century of an old number is 19, but for the sequences kept for those born before 1900. */
function upgrade(old: string): string {
  const long = old.slice(0, 6) + (old.slice(12) >= '996' ? '18' : '19') + old.slice(6)
  return long + (checkCharacter(long) ?? '')
}

/** The birth date that a number of 18 characters carries, or null where it is no date. */
export function birthOf(number: string): string | null {
  const day = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  const parsed = new Date(`${day}T00:00:00Z`)
  const real = !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === day
  return real && day >= '1800' ? day : null
}

/** GB/T 2261.1: the 17th digit odd is male (1), even female (2). */
export const sexOf = (number: string): '1' | '2' => (Number(number[16]) % 2 === 1 ? '1' : '2')
