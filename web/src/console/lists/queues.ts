/** A list's queue as its address names it: the first one, which is open, has no name there. */
export const inAddress = (queue: string): string => (queue === 'open' ? '' : queue)
