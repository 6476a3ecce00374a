/**
 * A plain sketch of where visits and photos were taken, from the coordinates that the
 * tablets noted: metres around the home (or the middle), no map and no tiles.
 */
import type { Household, SyncedRecord } from '../api/types'

export interface Place {
  lat: number
  lng: number
  accuracy?: number
}

export interface Mark {
  id: string
  kind: 'home' | 'visit' | 'photo'
  /** The day or the time that it stands for. */
  when: string
  /** Metres east and north of the sketch's middle. */
  east: number
  north: number
  /** Metres from the home; null where the home's place is not known. */
  away: number | null
  accuracy: number
}

export interface Sketch {
  marks: Mark[]
  /** Half the side of the square, in metres. */
  reach: number
  /** The length of the scale, in metres: 1, 2 or 5 with noughts. */
  scale: number
}

const METRES_PER_DEGREE = 111_320
const LEAST_REACH = 30
const MARGIN = 1.25

export function placeOf(record: SyncedRecord): Place | null {
  const place = record.place
  if (typeof place !== 'object' || place === null) return null
  const { lat, lng, accuracy } = place as Record<string, unknown>
  return typeof lat === 'number' && typeof lng === 'number' ? { lat, lng, accuracy: typeof accuracy === 'number' ? accuracy : undefined } : null
}

const metresBetween = (from: Place, to: Place) => ({
  east: (to.lng - from.lng) * METRES_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180),
  north: (to.lat - from.lat) * METRES_PER_DEGREE,
})

/** The largest of 1, 2, 5, 10 … that is not longer than `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power
}

/** Null where no visit and no photo says where it was. */
export function sketchOf(story: Household): Sketch | null {
  const home = placeOf(story.household)
  const found = [
    ...story.visits.map((visit) => ({ record: visit, kind: 'visit' as const, when: String(visit.visited_on ?? '') })),
    ...story.photos.map((photo) => ({ record: photo, kind: 'photo' as const, when: String(photo.taken_at ?? '') })),
  ].flatMap(({ record, kind, when }) => {
    const place = placeOf(record)
    return place ? [{ id: record.id, kind, when, place }] : []
  })
  const first = found[0]
  if (!first) return null
  const middle = home ?? first.place
  const marks: Mark[] = found.map(({ id, kind, when, place }) => {
    const { east, north } = metresBetween(middle, place)
    return { id, kind, when, east, north, away: home ? Math.hypot(east, north) : null, accuracy: place.accuracy ?? 0 }
  })
  if (home) marks.unshift({ id: story.household.id, kind: 'home', when: '', east: 0, north: 0, away: 0, accuracy: home.accuracy ?? 0 })
  const reach = Math.max(LEAST_REACH, ...marks.map((mark) => Math.max(Math.abs(mark.east), Math.abs(mark.north)))) * MARGIN
  return { marks, reach, scale: roundLength(reach / 2) }
}

/** Where nothing is drawn upon anything: marks within a few steps of each other are one, with how many. */
export function grouped(sketch: Sketch, apart: number): { mark: Mark; count: number }[] {
  const groups: { mark: Mark; count: number }[] = []
  for (const mark of sketch.marks) {
    const near = groups.find((group) => group.mark.kind === mark.kind && Math.hypot(group.mark.east - mark.east, group.mark.north - mark.north) < apart)
    if (near) near.count++
    else groups.push({ mark, count: 1 })
  }
  return groups
}
