// Pictures of a form: prepared on the device (picture/), kept in the store with the
// open form, and the records they become.
import type { Store } from '@/store/store'
import type { Making } from '@/sync/compose'
import type { Values } from '@/sync/wire'
import { preparePicture } from '../picture/prepare'
import { encode, sha256, UnreadablePicture } from '../picture/scale'

export { UnreadablePicture }

/** A picture of a form: its bytes are in the store, this is what the form keeps. */
export interface PictureRef {
  id: string
  sha256: string
  bytes: number
  width: number
  height: number
  takenAt: string
  filetype: string
  /** Where the camera says it was taken; forms kept by an older app do not have it. */
  place?: Values | null
}

interface Kept {
  picture: Uint8Array<ArrayBuffer>
  thumb: Uint8Array<ArrayBuffer>
  width: number
  height: number
  sha256: string
  filetype: string
  taken: number | null
  place: Values | null
}

/** Takes a photo into the store as part of an open form. */
export async function keepPhoto(store: Store, making: Making, file: Blob, draft: string, household: string): Promise<PictureRef> {
  const now = making.now()
  return keep(store, making, await preparePicture(file, now), draft, household)
}

/** Takes a signature: drawn black on white, small as it is. */
export async function keepSignature(store: Store, making: Making, canvas: HTMLCanvasElement, draft: string, household: string): Promise<PictureRef> {
  const picture = await encode(canvas, 'image/png')
  const { width, height } = canvas
  const kept = { picture, thumb: picture, width, height, sha256: await sha256(picture), filetype: 'image/png', taken: null, place: null }
  return keep(store, making, kept, draft, household)
}

async function keep(store: Store, making: Making, kept: Kept, draft: string, household: string): Promise<PictureRef> {
  const { picture, thumb, sha256: hash, filetype, width, height, place } = kept
  const id = making.newId()
  const made = making.now()
  await store.photos.keepDraft({ id, owner: draft, household, picture, thumb, sha256: hash, filetype, made })
  const takenAt = new Date(kept.taken ?? made).toISOString()
  return { id, sha256: hash, bytes: picture.byteLength, width, height, takenAt, filetype, place }
}

/** The photo record that belongs to a picture; the camera's place, else the form's. */
export function photoValues(picture: PictureRef, ownerType: string, owner: string, place: Values | null): Values {
  const { sha256: hash, bytes, width, height, takenAt } = picture
  return { owner_type: ownerType, owner, sha256: hash, bytes, width, height, taken_at: takenAt, place: picture.place ?? place }
}
