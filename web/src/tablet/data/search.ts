// Search in memory: what a household can be found by is joined once, and a keystroke
// looks through the joined words. Pinyin comes when somebody first types Latin letters.
import { shallowRef } from 'vue'
import type { Spelling } from './pinyin'
import type { HouseholdLine } from './village'

/** The speller, once it is needed and here. */
const spell = shallowRef<((name: string) => Spelling) | null>(null)

export async function loadPinyin(): Promise<void> {
  if (spell.value === null) spell.value = (await import('./pinyin')).spell
}

/** A line's words, joined: as written, the beginnings of its spellings, its initials. */
interface Words {
  written: string
  spelled: { starts: string; initials: string } | null
}

// In front of each spelling, so that its beginning can be looked for.
const start = '^'
const words = new WeakMap<HouseholdLine, Words>()

function wordsOf(line: HouseholdLine): Words {
  let known = words.get(line)
  if (known === undefined) {
    const written = [line.head, ...line.members.map((member) => member.name), line.address, line.phone].join('\n').toLowerCase()
    words.set(line, (known = { written, spelled: null }))
  }
  return known
}

function spelledOf(line: HouseholdLine, speller: (name: string) => Spelling): { starts: string; initials: string } {
  const known = wordsOf(line)
  if (known.spelled === null) {
    const all = [line.head, ...line.members.map((member) => member.name)].map(speller)
    known.spelled = { starts: all.map(({ initials, full }) => `${start}${initials}${start}${full}`).join(''), initials: all.map((each) => each.initials).join(start) }
  }
  return known.spelled
}

/** Before the first keystroke: a village's words are joined while nobody waits. */
export function prepareSearch(lines: readonly HouseholdLine[]): void {
  for (const line of lines) wordsOf(line)
}

/** Households whose head, member, address or phone matches, those by their head first. */
export function search(lines: readonly HouseholdLine[], query: string): readonly HouseholdLine[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return lines
  const speller = /^[a-z]+$/.test(wanted) ? spell.value : null
  const heads: HouseholdLine[] = []
  const others: HouseholdLine[] = []
  for (const line of lines) {
    if (!wordsOf(line).written.includes(wanted) && !(speller && isSpelled(spelledOf(line, speller), wanted))) continue
    const byHead = line.head.toLowerCase().includes(wanted) || (speller !== null && isSpelled(spelledHead(line, speller), wanted))
    ;(byHead ? heads : others).push(line)
  }
  return [...heads, ...others]
}

function spelledHead(line: HouseholdLine, speller: (name: string) => Spelling): { starts: string; initials: string } {
  const { initials, full } = speller(line.head)
  return { starts: `${start}${initials}${start}${full}`, initials }
}

/** By the beginning; in the middle of a name only where enough was typed to mean it. */
const isSpelled = ({ starts, initials }: { starts: string; initials: string }, wanted: string): boolean =>
  starts.includes(start + wanted) || (wanted.length > 1 && initials.includes(wanted))
