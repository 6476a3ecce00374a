/** Levels of warnings, most urgent first; `none` is for what raised nothing. */
export const LEVELS = ['red', 'orange', 'yellow', 'none'] as const
export type Level = (typeof LEVELS)[number]

export function strongest(levels: readonly Level[]): Level {
  return LEVELS.find((level) => levels.includes(level)) ?? 'none'
}

export const byLevel = (a: Level, b: Level): number => LEVELS.indexOf(a) - LEVELS.indexOf(b)
