// A camera's picture made fit to be sent: upright, about 1600 px, JPEG, with a small
// one beside it and the hash of what will travel. Drawing anew leaves behind whatever
// the camera wrote into the file. Runs in a worker where there is one, else in the page.

export interface ScaledPicture {
  picture: Uint8Array<ArrayBuffer>
  thumb: Uint8Array<ArrayBuffer>
  width: number
  height: number
  sha256: string
  filetype: string
}

export class UnreadablePicture extends Error {}

/** More than this is not decoded: 64 million pixels are 256 MB while they are drawn. */
export const maxPixels = 65_000_000
const longestEdge = 1600
const thumbEdge = 320
const jpegQuality = 0.82

type Drawn = ImageBitmap | HTMLImageElement
type Canvas = OffscreenCanvas | HTMLCanvasElement

export async function scalePicture(file: Blob): Promise<ScaledPicture> {
  const source = await decode(file)
  let full: Canvas
  try {
    full = draw(source.image, source.width, source.height, longestEdge)
  } finally {
    // The large one goes before the small ones are encoded.
    source.close()
  }
  const picture = await encode(full)
  const thumb = await encode(draw(full, full.width, full.height, thumbEdge))
  const { width, height } = full
  return { picture, thumb, width, height, sha256: await sha256(picture), filetype: 'image/jpeg' }
}

async function decode(file: Blob): Promise<{ image: Drawn; width: number; height: number; close: () => void }> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { image: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() }
  } catch {
    // Safari before 15 has no createImageBitmap that turns; an image element does, where there is one.
    if (typeof document === 'undefined') throw new UnreadablePicture('not a picture this browser can read')
    return decodeByElement(file)
  }
}

async function decodeByElement(file: Blob): Promise<{ image: Drawn; width: number; height: number; close: () => void }> {
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    URL.revokeObjectURL(url)
    throw new UnreadablePicture('not a picture this browser can read')
  }
  return { image, width: image.naturalWidth, height: image.naturalHeight, close: () => URL.revokeObjectURL(url) }
}

function draw(image: Drawn | Canvas, width: number, height: number, edge: number): Canvas {
  const ratio = Math.min(1, edge / Math.max(width, height))
  const canvas = blank(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)))
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
  if (context === null) throw new UnreadablePicture('no canvas')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas
}

function blank(width: number, height: number): Canvas {
  if (typeof document === 'undefined') return new OffscreenCanvas(width, height)
  return Object.assign(document.createElement('canvas'), { width, height })
}

export async function encode(canvas: Canvas, type = 'image/jpeg'): Promise<Uint8Array<ArrayBuffer>> {
  const blob =
    'convertToBlob' in canvas
      ? await canvas.convertToBlob({ type, quality: jpegQuality })
      : await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, jpegQuality))
  if (blob === null) throw new UnreadablePicture('the picture could not be encoded')
  return new Uint8Array(await blob.arrayBuffer())
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
