/** What a department sees of the person whom a referral is about: columns, with their words. */
import type { SeenColumn } from '../api/types'

export const nameOf = (person: readonly SeenColumn[] | undefined): string =>
  person?.find((column) => column.column === 'members.name')?.text ?? ''
