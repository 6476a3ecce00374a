/**
 * Times for people at a desk in China: the county's wall clock whatever the
 * computer is set to, how long ago, and a device's clock error in words.
 */
import type { Say } from '../schema/format'

const ZONE = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE, hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
})

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Accepts RFC 3339 and the database's form with a blank between date and time. */
export function instantOf(text: string | null | undefined): Date | null {
  if (!text) return null
  const date = new Date(text.replace(' ', 'T'))
  return Number.isNaN(date.getTime()) ? null : date
}

function wallClock(date: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(date).map(({ type, value }) => [type, value]))
}

/** 2026-03-01 14:05 */
export function dateTime(text: string | null | undefined): string {
  const date = instantOf(text)
  if (!date) return ''
  const { year, month, day, hour, minute } = wallClock(date)
  return `${year}-${month}-${day} ${hour}:${minute}`
}

/** 2026-03-01; a plain date stays as it is. */
export function dateOnly(text: string | null | undefined): string {
  if (text && /^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  return dateTime(text).slice(0, 10)
}

/** 14:05 if on the day of `now`, 03-01 14:05 in the same year, else with the year. */
export function shortTime(text: string | null | undefined, now: Date): string {
  const full = dateTime(text)
  const today = dateTime(now.toISOString())
  if (full.slice(0, 10) === today.slice(0, 10)) return full.slice(11)
  return full.slice(0, 4) === today.slice(0, 4) ? full.slice(5) : full
}

export function ago(text: string | null | undefined, now: Date, say: Say): string {
  const date = instantOf(text)
  if (!date) return say('time.never')
  const millis = now.getTime() - date.getTime()
  if (millis < MINUTE) return say('time.justNow')
  return say('time.ago', { span: span(millis, say) })
}

/** The largest unit that fits: 3 天, 5 小时, 12 分钟, 40 秒. */
export function span(millis: number, say: Say): string {
  // To the minute first: a clock 2:59:59.99 fast is three hours fast.
  const size = Math.abs(millis) < MINUTE ? Math.abs(millis) : Math.round(Math.abs(millis) / MINUTE) * MINUTE
  if (size >= DAY) return say('time.days', { n: Math.floor(size / DAY) })
  if (size >= HOUR) return say('time.hours', { n: Math.floor(size / HOUR) })
  if (size >= MINUTE) return say('time.minutes', { n: Math.floor(size / MINUTE) })
  return say('time.seconds', { n: Math.floor(size / SECOND) })
}

/** Below this a clock is as good as right for visits. */
export const TRUSTED_SKEW_MILLIS = 2 * MINUTE

export interface Skew {
  text: string
  trusted: boolean
}

/** `skewMillis` is the device's clock minus the server's: positive is fast. */
export function skewInWords(skewMillis: number | null | undefined, say: Say): Skew | null {
  if (skewMillis === null || skewMillis === undefined) return null
  if (Math.abs(skewMillis) < TRUSTED_SKEW_MILLIS) return { text: say('time.clockRight'), trusted: true }
  const key = skewMillis > 0 ? 'time.clockFast' : 'time.clockSlow'
  return { text: say(key, { span: span(skewMillis, say) }), trusted: false }
}

/** When an edit was really made, as far as the device's clock error is known. */
export function correctedTime(at: string | null | undefined, skewMillis: number | null | undefined): Date | null {
  const said = instantOf(at)
  return said && new Date(said.getTime() - (skewMillis ?? 0))
}

/** Days from today to a due date by the calendar of the county: negative is overdue. */
export function daysUntil(day: string | null | undefined, now: Date): number | null {
  const due = instantOf(dateOnly(day))
  const today = instantOf(dateOnly(now.toISOString()))
  return due && today ? Math.round((due.getTime() - today.getTime()) / DAY) : null
}
