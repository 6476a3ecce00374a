// What a worker set for this device alone. Small and not of value: localStorage.

export const textSizes = ['normal', 'large', 'huge'] as const
export type TextSize = (typeof textSizes)[number]

/** Minutes without a touch after which the tablet locks. */
export const lockMinutes = [2, 5, 10] as const
const lockKey = 'doorstep-lock-minutes'

export function lockAfterMinutes(): number {
  const kept = Number(localStorage.getItem(lockKey))
  return lockMinutes.find((minutes) => minutes === kept) ?? 5
}

export const setLockAfterMinutes = (minutes: number): void => localStorage.setItem(lockKey, String(minutes))

const key = 'doorstep-text'

export function textSize(): TextSize {
  const kept = localStorage.getItem(key)
  return textSizes.find((size) => size === kept) ?? 'normal'
}

export function applyTextSize(size: TextSize = textSize()): void {
  document.documentElement.dataset.text = size
}

export function setTextSize(size: TextSize): void {
  localStorage.setItem(key, size)
  applyTextSize(size)
}

const photosKey = 'doorstep-photos-metered'

/** Photos go over mobile data, too. */
export const photosOnMobileData = (): boolean => localStorage.getItem(photosKey) === 'yes'
export const setPhotosOnMobileData = (yes: boolean): void => localStorage.setItem(photosKey, yes ? 'yes' : 'no')

/** daylight: black on white with thick lines, for a screen in the sun. */
export const themes = ['normal', 'daylight'] as const
export type Theme = (typeof themes)[number]

const themeKey = 'doorstep-theme'

export const theme = (): Theme => themes.find((one) => one === localStorage.getItem(themeKey)) ?? 'normal'

export function applyTheme(chosen: Theme = theme()): void {
  document.documentElement.dataset.theme = chosen
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(themeKey, chosen)
  applyTheme(chosen)
}

/** Each language is called by its own name, whatever the app speaks. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const languageKey = 'doorstep-language'

export const language = (): Language => languages.find((one) => one === localStorage.getItem(languageKey)) ?? 'zh-CN'
export const setLanguage = (chosen: Language): void => localStorage.setItem(languageKey, chosen)
