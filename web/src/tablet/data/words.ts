// Dates, amounts and ages as people here write them.
import type { Json } from '@/sync/wire'

const pad = (value: number): string => String(value).padStart(2, '0')

/** The local calendar day, YYYY-MM-DD. */
export function dayOf(millis: number): string {
  const date = new Date(millis)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

export const monthOf = (day: string): string => day.slice(0, 7)

const dateForms = {
  monthAndDay: { month: 'long', day: 'numeric', timeZone: 'UTC' },
  wholeDay: { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' },
  minute: { month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
} as const
let spoken = 'zh-CN'
/** Made at the first date: the browser's tables for a language are slow to open, and the lock screen shows none. */
const formats = new Map<string, Intl.DateTimeFormat>()
/** Dates in the app's language from now on. */
export function speakDates(language: string): void {
  spoken = language
  formats.clear()
}

function formatOf(form: keyof typeof dateForms): Intl.DateTimeFormat {
  let format = formats.get(form)
  if (format === undefined) formats.set(form, (format = new Intl.DateTimeFormat(spoken, dateForms[form])))
  return format
}

/** A day in words, with the year where it is not this one. */
export function shortDay(day: Json | undefined, today: string): string {
  const match = /^\d{4}-\d{2}-\d{2}/.exec(typeof day === 'string' ? day : '')
  const date = match === null ? null : new Date(`${match[0]}T00:00:00Z`)
  if (date === null || Number.isNaN(date.getTime())) return ''
  return formatOf(match?.[0].slice(0, 4) === today.slice(0, 4) ? 'monthAndDay' : 'wholeDay').format(date)
}

export function clockTime(millis: number): string {
  const date = new Date(millis)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/** A moment of the server's, in the tablet's own time. */
export function dayAndTime(moment: string): string {
  const millis = Date.parse(moment)
  return Number.isFinite(millis) ? formatOf('minute').format(millis) : ''
}

/** Days from `from` to `to`; negative if `to` is earlier. */
export const daysBetween = (from: string, to: string): number => dayNumber(to) - dayNumber(from)

/** Days since 1970; NaN for what is no day. Thousands are asked for at once: no date is parsed. */
function dayNumber(day: string): number {
  if (day.length < 10) return NaN
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 86_400_000
}

export function ageOn(birth: Json | undefined, today: string): number | null {
  const match = /^(\d{4})-(\d{2}-\d{2})/.exec(typeof birth === 'string' ? birth : '')
  if (match === null) return null
  const age = Number(today.slice(0, 4)) - Number(match[1]) - (today.slice(5, 10) < (match[2] ?? '') ? 1 : 0)
  return age >= 0 && age < 130 ? age : null
}

export const yuan = (value: Json | undefined): string =>
  typeof value === 'number' ? value.toLocaleString('zh-CN', { maximumFractionDigits: 2 }) : ''

export function megabytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
export const list = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
