// Uploading photos (§3.5) with tus: resumable by offset, one at a time. The queue
// is the store's; an upload's address and offset are kept there, so that a killed
// browser goes on with the same upload.
import type { HttpRequest, Upload as TusUpload, UploadOptions } from 'tus-js-client'
import type { PhotoRow } from '@/store/database'
import { deviceOf, type SyncContext } from './context'
import { SyncProblem, asProblem } from './problem'

export interface TusModule {
  Upload: new (file: Blob, options: UploadOptions) => TusUpload
}

export interface PhotoRun {
  /** Loaded when there is something to upload: not part of the first download. */
  loadTus: () => Promise<TusModule>
  progress: (photo: string, sent: number, bytes: number) => void
  /** The server has another chunk. */
  arrived?: () => void
  /** Asked before each photo: false while the connection costs money. */
  mayGo?: () => boolean
  chunkBytes?: number
}

export interface UploadEnd {
  tried: number
  /** Some wait for a cheaper connection. */
  held: boolean
}

/**
 * A broken connection costs at most one chunk, sent again by the browser itself: with
 * 256 KiB, 22 cuts of a 12 MB file cost 0.38 of its size.
 */
const chunkBytes = 128 * 1024
const maxAttempts = 5

/** Uploads what waits, oldest first; stops at the first problem that would meet the others, too. */
export async function uploadAll(context: SyncContext, run: PhotoRun): Promise<UploadEnd> {
  const skipped = new Set<string>()
  for (;;) {
    const row = await context.store.photos.next(skipped)
    const held = row !== undefined && run.mayGo?.() === false
    if (row === undefined || held) return { tried: skipped.size, held }
    skipped.add(row.id)
    try {
      await uploadOne(context, run, row)
      await context.store.photos.markSent(row.id)
    } catch (error) {
      const problem = asProblem(error)
      if (!(await settleFailure(context, row, problem))) throw problem
    }
  }
}

/** True if the next photo may be tried at once. */
async function settleFailure(context: SyncContext, row: PhotoRow, problem: SyncProblem): Promise<boolean> {
  const { photos } = context.store
  if (problem.code === 'checksum' || problem.code === 'upload_gone') {
    await photos.startOver(row.id, problem.code, maxAttempts)
    return true
  }
  // What the server will never take is put aside in sight; the others go on.
  const final = [400, 413, 415, 422].includes(problem.status)
  await photos.noteFailure(row.id, final ? 'refused' : problem.code, final)
  return final
}

async function uploadOne(context: SyncContext, run: PhotoRun, row: PhotoRow): Promise<void> {
  const picture = await context.store.photos.picture(row.id)
  if (picture === undefined) throw new SyncProblem('upload_gone', 'the picture is no longer here')
  const device = await deviceOf(context)
  const { Upload } = await run.loadTus()
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(new Blob([picture as Uint8Array<ArrayBuffer>], { type: row.filetype }), {
      endpoint: context.api.uploadsUrl,
      uploadUrl: row.url,
      headers: {},
      chunkSize: run.chunkBytes ?? chunkBytes,
      // Waiting and trying again is the loop's business.
      retryDelays: null,
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: false,
      metadata: { device: device.id, photo: row.id, sha256: row.sha256, filetype: row.filetype },
      onBeforeRequest: (request: HttpRequest) => request.setHeader('Authorization', context.api.authorization()),
      onUploadUrlAvailable: () => void context.store.photos.progress(row.id, row.offset, upload.url),
      onChunkComplete: (_size, sent) => {
        run.arrived?.()
        void context.store.photos.progress(row.id, sent, upload.url)
      },
      onProgress: (sent, total) => run.progress(row.id, sent, total ?? row.bytes),
      onSuccess: () => resolve(),
      onError: (error) => reject(uploadProblem(error)),
    })
    upload.start()
  })
}

const statusProblems: Record<number, string> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'upload_gone',
  // Part of a broken chunk arrived after all (a browser sends it again by itself): ask where to go on.
  409: 'offset_mismatch',
  410: 'upload_gone',
  423: 'busy',
  429: 'busy',
  460: 'checksum',
  503: 'busy',
  507: 'storage_full',
}

function uploadProblem(error: unknown): SyncProblem {
  const response = (error as { originalResponse?: { getStatus: () => number; getBody: () => string } | null }).originalResponse
  const status = response?.getStatus() ?? 0
  const message = error instanceof Error ? error.message : String(error)
  if (status === 0) return new SyncProblem('unreachable', message)
  return new SyncProblem(statusProblems[status] ?? (status >= 500 ? 'busy' : 'refused'), message, status)
}
