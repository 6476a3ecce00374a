// Compression of request bodies, where the browser has it.

export const canCompress = (): boolean => typeof CompressionStream === 'function'

export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
