/** A page that the server made for printing, in a window of its own; false where the browser kept it from opening. */
const KEPT_MILLIS = 60_000

export function openPage(page: Blob): boolean {
  const address = URL.createObjectURL(page)
  const opened = window.open(address, '_blank')
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MILLIS)
  return opened !== null
}
