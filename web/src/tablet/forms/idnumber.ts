// ID numbers (GB 11643): the check on the doorstep; the server checks again.

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

export function idNumberFault(number: string): boolean {
  const clean = number.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(clean)) return true
  const sum = weights.reduce((total, weight, at) => total + weight * Number(clean[at]), 0)
  return '10X98765432'[sum % 11] !== clean[17] || birthOf(clean) === null
}

/** The birth date that a number carries, or null where it is no date. */
export function birthOf(number: string): string | null {
  const match = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(number)
  if (match === null) return null
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const parsed = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day ? null : day
}

/** GB/T 2261.1: the 17th digit odd is male (1), even female (2). */
export const sexOf = (number: string): '1' | '2' => (Number(number[16]) % 2 === 1 ? '1' : '2')
