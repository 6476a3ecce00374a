/** A warning as a screen shows it, from whatever names it: an indicator's code or title, a record, or a plain sentence. */
import { LEVELS, type Level } from './level'
import type { Schema } from '../schema/schema'

export interface WarningLine {
  level: Level
  title: string
}

export function levelOf(text: unknown): Level {
  return LEVELS.find((level) => level === text) ?? 'none'
}

export function warningLine(schema: Schema, raw: unknown): WarningLine {
  if (typeof raw === 'string') {
    const indicator = schema.indicator(raw)
    return indicator ? { level: levelOf(indicator.level), title: indicator.title } : { level: 'none', title: raw }
  }
  const record = (raw ?? {}) as Record<string, unknown>
  const indicator = schema.indicator(String(record.indicator ?? ''))
  return {
    level: levelOf(record.level ?? indicator?.level),
    title: String(record.title || indicator?.title || record.indicator || ''),
  }
}
