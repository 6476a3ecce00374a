// The canonical form that names an op's content: the server hashes it, and two
// devices that issue one op under different numbers must agree on it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonical } from '../src/sync/values'
import type { Values } from '../src/sync/wire'

interface DigestVectors {
  cases: { name: string; op: string; canonical: string; sha256: string }[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../docs/vectors/digest.json', import.meta.url), 'utf8'),
) as DigestVectors

describe('docs/vectors/digest.json', () => {
  it('finds cases to run', () => expect(cases.length).toBeGreaterThan(15))

  it.each(cases)('$name', ({ op, canonical: wanted, sha256 }) => {
    const { n: _n, ...content } = JSON.parse(op) as Values
    expect(canonical(content)).toBe(wanted)
    expect(createHash('sha256').update(canonical(content), 'utf8').digest('hex')).toBe(sha256)
  })
})
