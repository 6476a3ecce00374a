// The table: a figure, its goal, what was measured, and whether that meets it.
export const median = (values) => quantile(values, 0.5)

export function quantile(values, share) {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

const rows = []

export const tell = (figure, goal, met, measured) => rows.push([figure, goal, measured, met ? 'yes' : 'no'])
export const note = (figure, measured) => rows.push([figure, '–', measured, ''])

export function print() {
  console.log('\n| figure | goal | measured | met |\n|---|---|---|---|')
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}
