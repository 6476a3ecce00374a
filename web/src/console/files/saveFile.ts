/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string) {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has begun by then; a minute later nothing holds the content any more.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
