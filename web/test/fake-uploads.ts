// A tus 1.0.0 server for the client's tests: creation, PATCH, HEAD, SHA-256 at the
// end; it counts the bytes it was sent, and can break a connection in a chunk.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Upload {
  length: number
  data: Buffer
  metadata: Record<string, string>
}

export class FakeUploads {
  readonly uploads = new Map<string, Upload>()
  readonly stored = new Map<string, Buffer>()
  receivedBytes = 0
  /** Breaks the connection once, after so many bytes of the next chunk. */
  breakAfter: number[] = []
  refuse: { status: number } | null = null
  corrupt = 0
  private count = 0
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => void this.handle(request, response))
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Tus-Resumable', '1.0.0')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', '*, Authorization')
    response.setHeader('Access-Control-Allow-Methods', '*')
    response.setHeader('Access-Control-Expose-Headers', 'Location, Upload-Offset, Upload-Length, Tus-Resumable')
    const end = (status: number): void => void response.writeHead(status).end()
    if (request.method === 'OPTIONS') return end(204)
    if (request.headers.authorization !== 'Bearer good') return end(401)
    if (this.refuse !== null) return end(this.refuse.status)
    if (request.method === 'POST') return this.create(request, response)
    const id = (request.url ?? '').split('/').pop() ?? ''
    const upload = this.uploads.get(id)
    if (upload === undefined) return end(404)
    if (request.method === 'HEAD') {
      response.setHeader('Upload-Offset', upload.data.length)
      response.setHeader('Upload-Length', upload.length)
      return end(200)
    }
    await this.patch(request, response, id, upload)
  }

  private create(request: IncomingMessage, response: ServerResponse): void {
    const pairs = String(request.headers['upload-metadata']).split(',').map((pair) => pair.trim().split(' '))
    const metadata = Object.fromEntries(pairs.map(([key, value]) => [key, Buffer.from(value ?? '', 'base64').toString()]))
    const id = String(++this.count)
    this.uploads.set(id, { length: Number(request.headers['upload-length']), data: Buffer.alloc(0), metadata })
    response.setHeader('Location', `/api/sync/v1/uploads/${id}`)
    response.writeHead(201).end()
  }

  private async patch(request: IncomingMessage, response: ServerResponse, id: string, upload: Upload): Promise<void> {
    const breakAt = this.breakAfter.shift()
    let inChunk = 0
    for await (const part of request) {
      const bytes = part as Buffer
      this.receivedBytes += bytes.length
      inChunk += bytes.length
      if (breakAt !== undefined && inChunk >= breakAt) {
        request.socket.destroy()
        return
      }
      upload.data = Buffer.concat([upload.data, bytes])
    }
    if (upload.data.length === upload.length) {
      const hash = createHash('sha256').update(upload.data).digest('hex')
      if (hash !== upload.metadata.sha256 || this.corrupt-- > 0) {
        this.uploads.delete(id)
        return void response.writeHead(460).end()
      }
      this.stored.set(upload.metadata.photo ?? '', upload.data)
    }
    response.setHeader('Upload-Offset', upload.data.length)
    response.writeHead(204).end()
  }
}
