/** Which places an account of a role may be of. Pure. */
import type { RegionItem } from '../api/types'

const COUNTY_DIGITS = 6
const TOWN_DIGITS = 9
const VILLAGE_DIGITS = 12

/** The digits of the office's code; a role without a row answers to no place. */
const DIGITS: Record<string, number> = {
  worker: VILLAGE_DIGITS, social: TOWN_DIGITS, town: TOWN_DIGITS, county: COUNTY_DIGITS, department: COUNTY_DIGITS, auditor: COUNTY_DIGITS,
}

export const townOf = (code: string): string => code.slice(0, TOWN_DIGITS)

export function officesOf(role: string, regions: readonly RegionItem[]): { code: string; label: string }[] {
  const digits = DIGITS[role]
  const names = new Map(regions.map(({ code, short }) => [code, short]))
  return regions.filter(({ code, state }) => code.length === digits && state === 'open')
    .map(({ code, short }) => ({ code, label: digits === VILLAGE_DIGITS ? `${names.get(townOf(code)) ?? ''} ${short}`.trim() : short }))
}
