// Scales one picture away from the screen's thread.
import { scalePicture, UnreadablePicture } from './scale'

export type WorkerAnswer = { scaled: Awaited<ReturnType<typeof scalePicture>> } | { unreadable: boolean; message: string }

self.onmessage = async (event: MessageEvent<Blob>) => {
  const post = (answer: WorkerAnswer, moved: Transferable[]): void => self.postMessage(answer, { transfer: moved })
  try {
    const scaled = await scalePicture(event.data)
    post({ scaled }, [scaled.picture.buffer, scaled.thumb.buffer])
  } catch (error) {
    post({ unreadable: error instanceof UnreadablePicture, message: String(error) }, [])
  }
}
