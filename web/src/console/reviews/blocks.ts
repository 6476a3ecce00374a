/**
 * Cuts a long list of visits into stretches, each drawn by itself. Where a stretch
 * begins is told by the visit there and not by its number, so that one that leaves the
 * list shifts no other stretch; a stretch of which nothing changed is the same array.
 */
import type { ReviewGroup } from './groups'

/** On average so many visits; at most four times as many. */
const ABOUT = 24
const MOST = 4 * ABOUT

/** A small, even hash of a text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}

const begins = (key: string): boolean => hash(key) % ABOUT === 0

export function blocksOf<T>(groups: readonly ReviewGroup<T>[], before: readonly ReviewGroup<T>[][] = []): ReviewGroup<T>[][] {
  const blocks: ReviewGroup<T>[][] = []
  for (const group of groups) {
    const open = blocks.at(-1)
    if (open && open.length < MOST && !begins(group.key)) open.push(group)
    else blocks.push([group])
  }
  const known = new Map(before.map((block) => [block[0]?.key, block]))
  return blocks.map((block) => {
    const old = known.get(block[0]!.key)
    return old && old.length === block.length && old.every((group, at) => group === block[at]) ? old : block
  })
}
