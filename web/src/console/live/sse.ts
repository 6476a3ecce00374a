/**
 * Parses a server-sent event stream (HTML standard, "event stream
 * interpretation") from decoded text in pieces of any size. No network here:
 * connection.ts reads the bytes.
 */
export interface ServerEvent {
  event: string
  data: string
  id: string
}

/** An event longer than this is no event of ours; the stream is given up. */
export const MAX_EVENT_CHARS = 64 * 1024

export class EventParser {
  private buffer = ''
  private data: string[] = []
  private chars = 0
  private event = ''
  private id = ''
  private afterReturn = false

  /** Takes the next piece of text, and returns the events completed by it. */
  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = []
    for (const char of piece) {
      if (this.afterReturn && char === '\n') {
        this.afterReturn = false
        continue
      }
      this.afterReturn = char === '\r'
      if (char === '\n' || char === '\r') {
        const done = this.line(this.buffer)
        if (done) events.push(done)
        this.buffer = ''
        continue
      }
      this.buffer += char
      if (++this.chars > MAX_EVENT_CHARS) throw new RangeError('event stream: an event is too long')
    }
    return events
  }

  private line(line: string): ServerEvent | null {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    let value = colon < 0 ? '' : line.slice(colon + 1)
    if (value.startsWith(' ')) value = value.slice(1)
    if (field === 'data') this.data.push(value)
    else if (field === 'event') this.event = value
    else if (field === 'id' && !value.includes('\0')) this.id = value
    return null
  }

  private dispatch(): ServerEvent | null {
    const { data, event } = this
    this.data = []
    this.event = ''
    this.chars = 0
    if (data.length === 0) return null
    return { event: event || 'message', data: data.join('\n'), id: this.id }
  }
}
