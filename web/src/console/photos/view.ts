/** How a photo is looked at: its size, its turn, where it was dragged to. */
export interface View {
  scale: number
  turns: number
  x: number
  y: number
}

const STEP = 1.25
const LEAST = 0.25
const MOST = 8

export const straight = (): View => ({ scale: 1, turns: 0, x: 0, y: 0 })

/** `by`: 1 is nearer, −1 farther. */
export function zoomed(view: View, by: 1 | -1): View {
  return { ...view, scale: Math.min(MOST, Math.max(LEAST, view.scale * STEP ** by)) }
}

export const turned = (view: View, by: 1 | -1): View => ({ ...view, turns: view.turns + by })
export const dragged = (view: View, x: number, y: number): View => ({ ...view, x: view.x + x, y: view.y + y })
export const transformOf = (view: View): string => `translate(${view.x}px, ${view.y}px) scale(${view.scale}) rotate(${view.turns * 90}deg)`

/** The photo `by` steps on from `from`, round the end, and not the one that stands beside it. */
export function onwards(from: number, by: 1 | -1, total: number, beside: number | null): number {
  const next = (from + by + total) % total
  return next === beside && total > 1 ? (next + by + total) % total : next
}
