/** A page that the server makes to be printed, in a window of its own. */
import { ElMessage } from 'element-plus'
import { failureText } from '../api/failure'

/** Long enough for the window to have read it. */
const KEPT_MILLIS = 60_000

export async function openPage(fetchPage: () => Promise<Blob>) {
  try {
    const page = URL.createObjectURL(await fetchPage())
    window.open(page, '_blank', 'noopener')
    setTimeout(() => URL.revokeObjectURL(page), KEPT_MILLIS)
  } catch (error) {
    ElMessage.error(failureText(error))
  }
}
