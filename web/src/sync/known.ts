// What a browser keeps after a sign-in, to be told from strangers at the next: whoever
// guesses a password elsewhere does not lock its owner out. It opens nothing by itself.
type Keeper = Pick<Storage, 'getItem' | 'setItem'>

const key = 'doorstep.known'
/** A tablet has few owners; a counter's computer some more. */
const most = 20

export function knownProof(keeper: Keeper, login: string): string | undefined {
  return read(keeper).find(([name]) => name === named(login))?.[1]
}

export function keepProof(keeper: Keeper, login: string, proof: string): void {
  const others = read(keeper).filter(([name]) => name !== named(login))
  try {
    keeper.setItem(key, JSON.stringify([[named(login), proof], ...others].slice(0, most)))
  } catch {
    // a full or shut storage costs a longer wait after mistakes, nothing else
  }
}

const named = (login: string): string => login.trim().toLowerCase()

function read(keeper: Keeper): [string, string][] {
  try {
    const kept: unknown = JSON.parse(keeper.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((row): row is [string, string] => Array.isArray(row) && row.length === 2 && row.every((part) => typeof part === 'string')) : []
  } catch {
    return []
  }
}
