// From a chosen file to what is kept of it: one at a time, so that a tablet holds the
// pixels of one picture and no more, each in a worker of its own that ends with it.
import { cameraFacts, headBytes, takenAt, type CameraFacts } from './exif'
import { maxPixels, scalePicture, UnreadablePicture, type ScaledPicture } from './scale'
import type { WorkerAnswer } from './picture.worker'

export interface PreparedPicture extends ScaledPicture {
  taken: number | null
  place: CameraFacts['place']
}

/** A camera's largest files are about 30 MB; more is no photo. */
const maxFileBytes = 40 * 1024 * 1024

let last: Promise<unknown> = Promise.resolve()

export function preparePicture(file: Blob, now: number): Promise<PreparedPicture> {
  const mine = last.then(() => prepare(file, now))
  last = mine.catch(() => {})
  return mine
}

async function prepare(file: Blob, now: number): Promise<PreparedPicture> {
  if (file.size > maxFileBytes) throw new UnreadablePicture(`a file of ${file.size} bytes`)
  const facts = cameraFacts(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()))
  if ((facts.width ?? 0) * (facts.height ?? 0) > maxPixels) throw new UnreadablePicture(`${facts.width} × ${facts.height} pixels`)
  return { ...(await scaled(file)), taken: takenAt(facts, now), place: facts.place }
}

const workers = (): boolean => typeof Worker === 'function' && typeof OffscreenCanvas === 'function'

async function scaled(file: Blob): Promise<ScaledPicture> {
  if (!workers()) return scalePicture(file)
  const worker = new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module' })
  try {
    const answer = await new Promise<WorkerAnswer | null>((resolve) => {
      worker.onmessage = (event: MessageEvent<WorkerAnswer>) => resolve(event.data)
      // A browser whose workers cannot do it: the page does.
      worker.onerror = () => resolve(null)
      worker.postMessage(file)
    })
    if (answer !== null && 'scaled' in answer) return answer.scaled
    if (answer?.unreadable) throw new UnreadablePicture(answer.message)
    return await scalePicture(file)
  } finally {
    worker.terminate()
  }
}
