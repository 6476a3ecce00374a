// The same person met twice: sought on this device alone, by ID number where it is
// known in full here, else by name and birth date; a namesake is a hint. The server
// looks again, among all.
import type { Store } from '@/store/store'
import type { HouseholdLine } from '../data/village'
import { text } from '../data/words'
import { readIdNumber } from './idnumber'

export interface KnownPerson {
  id: string
  household: string
  name: string
  birth: string
  /** In full, or '': a tablet reads the numbers of others masked. */
  number: string
}

export type Likeness = 'number' | 'birth' | 'name'

export interface Twin extends KnownPerson {
  likeness: Likeness
}

/** No screen lists more. */
const fewTwins = 5

/** Everybody in the village's lines; their numbers only where `numbers` holds them. */
export const peopleOf = (lines: readonly HouseholdLine[], numbers: ReadonlyMap<string, string>): KnownPerson[] =>
  lines.flatMap((line) =>
    line.members.map(({ id, name, birthDate }) => ({ id, household: line.id, name, birth: birthDate, number: numbers.get(id) ?? '' })),
  )

/** The numbers that this device knows in full: of those who were entered here. */
export async function readNumbers(store: Store): Promise<Map<string, string>> {
  const members = await store.records.list('members')
  return new Map(members.flatMap(({ id, record }) => {
    const { number } = readIdNumber(text(record.id_number))
    return number === null ? [] : [[id, number] as const]
  }))
}

/** Who of those known may be the one who is entered, the likeliest first. */
export function twinsOf(people: readonly KnownPerson[], entered: { name: string; birth: string; number: string }): Twin[] {
  const name = entered.name.trim()
  const likeness = (known: KnownPerson): Likeness | null => {
    if (entered.number !== '' && known.number === entered.number) return 'number'
    if (name === '' || known.name !== name) return null
    if (entered.birth !== '' && known.birth !== '') return known.birth === entered.birth ? 'birth' : null
    return 'name'
  }
  const order: readonly Likeness[] = ['number', 'birth', 'name']
  return people
    .flatMap((known) => {
      const found = likeness(known)
      return found === null ? [] : [{ ...known, likeness: found }]
    })
    .sort((a, b) => order.indexOf(a.likeness) - order.indexOf(b.likeness))
    .slice(0, fewTwins)
}
