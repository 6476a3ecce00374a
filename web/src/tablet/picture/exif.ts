// What a camera wrote into a JPEG that is worth a field: how large it is, when and
// where it was taken. Pure, and for the head of a file only: the picture itself is
// decoded by the browser. Everything that is damaged or implausible is not known.
//
// Own code, because it is five tags: exifr has had no release since 2021, ExifReader
// is under the MPL and ten times as large as this (docs/decisions/0023).

export interface CameraFacts {
  width: number | null
  height: number | null
  /** Local time without a zone, "2026-05-01T08:30:00", and the zone where the camera knew it. */
  taken: string | null
  zone: string | null
  place: { lat: number; lng: number; accuracy?: number } | null
}

export const nothingKnown: CameraFacts = { width: null, height: null, taken: null, zone: null, place: null }

/** How much of a file's head is read: an EXIF block is 64 KiB at most, and stands first. */
export const headBytes = 256 * 1024

const maxEntries = 512
const tags = { exif: 0x8769, gps: 0x8825, taken: 0x9003, zone: 0x9011 } as const
const gpsTags = { latRef: 1, lat: 2, lngRef: 3, lng: 4, error: 31 } as const
const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 }

/** Reads the head of a JPEG; of anything else nothing is known. */
export function cameraFacts(head: Uint8Array): CameraFacts {
  const out = { ...nothingKnown }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return out
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at)
    if (marker < 0xff01 || marker === 0xffda) break
    const length = view.getUint16(at + 2)
    const body = at + 4
    const end = at + 2 + length
    if (isFrame(marker) && body + 5 <= view.byteLength) {
      Object.assign(out, { height: view.getUint16(body + 1), width: view.getUint16(body + 3) })
    }
    if (marker === 0xffe1 && end <= view.byteLength && ascii(view, body, 4) === 'Exif') {
      Object.assign(out, readTiff(new DataView(view.buffer, view.byteOffset + body + 6, Math.max(0, end - body - 6))))
    }
    if (length < 2) break
    at = end
  }
  return out
}

/** SOF0 to SOF15, without the tables that stand among them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)

function ascii(view: DataView, at: number, length: number): string {
  let out = ''
  for (let i = 0; i < length && at + i < view.byteLength; i++) {
    const code = view.getUint8(at + i)
    if (code === 0) break
    out += String.fromCharCode(code)
  }
  return out
}

interface Tag {
  type: number
  count: number
  at: number
}

interface Tiff {
  view: DataView
  little: boolean
}

function readTiff(view: DataView): Partial<CameraFacts> {
  if (view.byteLength < 8) return {}
  const order = ascii(view, 0, 2)
  if (order !== 'II' && order !== 'MM') return {}
  const tiff = { view, little: order === 'II' }
  if (view.getUint16(2, tiff.little) !== 42) return {}
  const first = directory(tiff, view.getUint32(4, tiff.little))
  const camera = directory(tiff, whole(tiff, first.get(tags.exif)))
  const gps = directory(tiff, whole(tiff, first.get(tags.gps)))
  return { taken: takenOf(text(tiff, camera.get(tags.taken))), zone: zoneOf(text(tiff, camera.get(tags.zone))), place: placeOf(tiff, gps) }
}

function directory({ view, little }: Tiff, at: number | null): Map<number, Tag> {
  const out = new Map<number, Tag>()
  if (at === null || at + 2 > view.byteLength) return out
  const entries = Math.min(view.getUint16(at, little), maxEntries)
  for (let i = 0; i < entries; i++) {
    const entry = at + 2 + i * 12
    if (entry + 12 > view.byteLength) break
    const type = view.getUint16(entry + 2, little)
    const count = view.getUint32(entry + 4, little)
    const bytes = (sizes[type] ?? 0) * count
    if (bytes === 0) continue
    const value = bytes <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
    if (value + bytes <= view.byteLength) out.set(view.getUint16(entry, little), { type, count, at: value })
  }
  return out
}

const whole = ({ view, little }: Tiff, tag: Tag | undefined): number | null =>
  tag !== undefined && tag.type === 4 ? view.getUint32(tag.at, little) : null

const text = ({ view }: Tiff, tag: Tag | undefined): string =>
  tag !== undefined && tag.type === 2 ? ascii(view, tag.at, Math.min(tag.count, 64)) : ''

function rationals({ view, little }: Tiff, tag: Tag | undefined): number[] {
  if (tag === undefined || tag.type !== 5) return []
  return Array.from({ length: Math.min(tag.count, 3) }, (_, i) => view.getUint32(tag.at + i * 8, little) / view.getUint32(tag.at + i * 8 + 4, little))
}

/** "2026:05:01 08:30:00" as ISO; cameras whose clock was never set write zeros. */
function takenOf(written: string): string | null {
  const found = /^(\d{4}):(\d{2}):(\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(written)
  if (found === null) return null
  const iso = `${found[1]}-${found[2]}-${found[3]}T${found[4]}`
  return Number.isNaN(Date.parse(`${iso}Z`)) ? null : iso
}

const zoneOf = (written: string): string | null => (/^[+-]\d{2}:\d{2}$/.test(written) ? written : null)

function placeOf(tiff: Tiff, gps: Map<number, Tag>): CameraFacts['place'] {
  const degrees = (tag: number, ref: number, negative: string, most: number): number | null => {
    const [d = NaN, m = NaN, s = 0] = rationals(tiff, gps.get(tag))
    const value = (d + m / 60 + (Number.isFinite(s) ? s : 0) / 3600) * (text(tiff, gps.get(ref)) === negative ? -1 : 1)
    return Number.isFinite(value) && Math.abs(value) <= most ? Math.round(value * 1e6) / 1e6 : null
  }
  const lat = degrees(gpsTags.lat, gpsTags.latRef, 'S', 90)
  const lng = degrees(gpsTags.lng, gpsTags.lngRef, 'W', 180)
  // A receiver without a fix writes zeros: a place in the sea off Africa.
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return null
  const [error] = rationals(tiff, gps.get(gpsTags.error))
  return error !== undefined && Number.isFinite(error) ? { lat, lng, accuracy: Math.round(error) } : { lat, lng }
}

/**
 * When the picture was taken, as the field has it. A camera without a zone means the
 * tablet's own. What lies before tablets were or after now is a camera's wrong clock.
 */
export function takenAt(facts: CameraFacts, now: number): number | null {
  if (facts.taken === null) return null
  const millis = Date.parse(facts.taken + (facts.zone ?? ''))
  return Number.isFinite(millis) && millis >= earliest && millis <= now + minuteMillis ? millis : null
}

const earliest = Date.UTC(2010, 0)
const minuteMillis = 60_000
