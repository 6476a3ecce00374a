/** How a file's columns lie: field to heading. Pure. */
import type { Mapping } from '../api/types'

/** Says that the file has no such column, whatever its headings are called. */
export const NO_COLUMN = '-'

export const headingOf = (mapping: Mapping, field: string): string => (mapping[field] === NO_COLUMN ? '' : (mapping[field] ?? ''))

/** Each field said, so that the server guesses nothing that the person saw otherwise. */
export function whole(fields: readonly string[], mapping: Mapping): Mapping {
  return Object.fromEntries(fields.map((field) => [field, headingOf(mapping, field) || NO_COLUMN]))
}

/** A heading holds one field: whoever takes it takes it from the other. */
export function assign(mapping: Mapping, field: string, heading: string): Mapping {
  const others = Object.entries(mapping).map(([other, held]) => [other, heading && held === heading ? NO_COLUMN : held])
  return { ...Object.fromEntries(others), [field]: heading || NO_COLUMN }
}

/** The first values that stand under a heading. */
export function samplesOf(header: readonly string[], sample: readonly (readonly string[])[], heading: string): string[] {
  const at = header.indexOf(heading)
  return at < 0 ? [] : sample.map((row) => row[at] ?? '').filter(Boolean)
}
