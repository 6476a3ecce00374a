// Pictures on the device: turned upright, scaled to about 1600 px, as JPEG, with a
// thumbnail and a hash. What a camera wrote into the file besides (place, serial
// numbers) is left behind by drawing anew.
import type { Store } from '@/store/store'
import type { Making } from '@/sync/compose'
import type { Values } from '@/sync/wire'

/** A picture of a form: its bytes are in the store, this is what the form keeps. */
export interface PictureRef {
  id: string
  sha256: string
  bytes: number
  width: number
  height: number
  takenAt: string
  filetype: string
}

const longestEdge = 1600
const thumbEdge = 320
const jpegQuality = 0.82

interface Scaled {
  blob: Blob
  width: number
  height: number
}

export class UnreadablePicture extends Error {}

async function scale(bitmap: ImageBitmap, edge: number): Promise<Scaled> {
  const ratio = Math.min(1, edge / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * ratio))
  canvas.height = Math.max(1, Math.round(bitmap.height * ratio))
  const context = canvas.getContext('2d')
  if (context === null) throw new UnreadablePicture('no canvas')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', jpegQuality))
  if (blob === null) throw new UnreadablePicture('the picture could not be encoded')
  return { blob, width: canvas.width, height: canvas.height }
}

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer())

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Takes a photo into the store as part of an open form. */
export async function keepPhoto(store: Store, making: Making, file: Blob, draft: string, household: string): Promise<PictureRef> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new UnreadablePicture('not a picture this browser can read')
  })
  try {
    const [full, small] = [await scale(bitmap, longestEdge), await scale(bitmap, thumbEdge)]
    return await keep(store, making, full, await bytesOf(small.blob), draft, household)
  } finally {
    bitmap.close()
  }
}

/** Takes a signature: drawn black on white, small as it is. */
export async function keepSignature(store: Store, making: Making, canvas: HTMLCanvasElement, draft: string, household: string): Promise<PictureRef> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob === null) throw new UnreadablePicture('the signature could not be encoded')
  return keep(store, making, { blob, width: canvas.width, height: canvas.height }, await bytesOf(blob), draft, household)
}

async function keep(store: Store, making: Making, full: Scaled, thumb: Uint8Array, draft: string, household: string): Promise<PictureRef> {
  const picture = await bytesOf(full.blob)
  const id = making.newId()
  const hash = await sha256(picture)
  const filetype = full.blob.type
  await store.photos.keepDraft({ id, owner: draft, household, picture, thumb, sha256: hash, filetype, made: making.now() })
  const takenAt = new Date(making.now()).toISOString()
  return { id, sha256: hash, bytes: picture.byteLength, width: full.width, height: full.height, takenAt, filetype }
}

/** The photo record that belongs to a picture. */
export function photoValues(picture: PictureRef, ownerType: string, owner: string, place: Values | null): Values {
  const { sha256: hash, bytes, width, height, takenAt } = picture
  return { owner_type: ownerType, owner, sha256: hash, bytes, width, height, taken_at: takenAt, place }
}
