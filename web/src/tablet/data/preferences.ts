// What a worker set for this device alone. Small and not of value: localStorage.

export const textSizes = ['normal', 'large', 'huge'] as const
export type TextSize = (typeof textSizes)[number]

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
