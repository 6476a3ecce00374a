/**
 * Photos as object URLs. A photo needs the Authorization header, so an <img>
 * cannot fetch it itself. Bounded: the least recently asked for is let go, and
 * everything when the session ends.
 */
import type { Api, PhotoSize } from '../api/console'

const MOST = 120

interface Held {
  url: Promise<string>
}

const held = new Map<string, Held>()

export function photoUrl(api: Api, photo: string, size: PhotoSize): Promise<string> {
  const key = `${photo}/${size}`
  const known = held.get(key)
  if (known) {
    held.delete(key)
    held.set(key, known)
    return known.url
  }
  const url = api.photo(photo, size).then((blob) => URL.createObjectURL(blob))
  held.set(key, { url })
  // A failure is not kept: the photo may arrive any minute.
  url.catch(() => held.delete(key))
  letGo(MOST)
  return url
}

export function forgetPhotos() {
  letGo(0)
}

function letGo(most: number) {
  for (const [key, { url }] of held) {
    if (held.size <= most) return
    held.delete(key)
    url.then((text) => URL.revokeObjectURL(text)).catch(() => undefined)
  }
}
