// Values as merging sees them: null is absent, text is trimmed, a set has no order.
import type { Json, Values } from './wire'

/** The value as it is compared and kept: '' and undefined are null, text is trimmed. */
export function normalise(value: Json | undefined): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') {
    const trimmed = value.trim()
    return trimmed === '' ? null : trimmed
  }
  return value
}

/** One text for equal values: keys sorted, nothing else (values here are plain JSON). */
export function canonical(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object') {
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
  }
  return JSON.stringify(value)
}

export const equal = (a: Json | undefined, b: Json | undefined): boolean =>
  canonical(normalise(a)) === canonical(normalise(b))

const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

/** Three-way set merge (§6): current, plus what `set` has over `was`, less what `was` has over `set`. */
export function union(current: Json | undefined, set: Json | undefined, was: Json | undefined): Json {
  const wanted = new Set(asList(set).map(canonical))
  const before = new Set(asList(was).map(canonical))
  const out: Json[] = []
  const seen = new Set<string>()
  const take = (item: Json): void => {
    const key = canonical(item)
    if (!seen.has(key)) out.push(item)
    seen.add(key)
  }
  for (const item of asList(current)) {
    const key = canonical(item)
    if (!before.has(key) || wanted.has(key)) take(item)
  }
  for (const item of asList(set)) if (!before.has(canonical(item))) take(item)
  return out.length === 0 ? null : out
}

const itemId = (item: Json): string =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && typeof item.id === 'string'
    ? item.id
    : canonical(item)

/** The current items, then the new ones; an item whose id is there already is left as it is. */
export function append(current: Json | undefined, set: Json | undefined): Json {
  const out = [...asList(current)]
  const seen = new Set(out.map(itemId))
  for (const item of asList(set)) {
    if (seen.has(itemId(item))) continue
    seen.add(itemId(item))
    out.push(item)
  }
  return out.length === 0 ? null : out
}

/** The record without its absent values. */
export function compact(values: Values): Values {
  const out: Values = {}
  for (const [key, value] of Object.entries(values)) if (value !== null && value !== undefined) out[key] = value
  return out
}

const halfCharacter = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/**
 * The value with text that UTF-8 can carry: half a character (a length limit cut
 * a rare hanzi or an emoji in two) becomes U+FFFD. Such text has no canonical form,
 * so the server could never take the op that holds it.
 */
export const wellFormed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? part.replace(halfCharacter, '\uFFFD') : part,
  ) as T
