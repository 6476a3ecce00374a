import { describe, expect, it } from 'vitest'
import { EventParser, MAX_EVENT_CHARS } from './sse'

const datas = (...pieces: string[]) => {
  const parser = new EventParser()
  return pieces.flatMap((piece) => parser.push(piece)).map((event) => event.data)
}

describe('EventParser', () => {
  it('finds events however the bytes are cut', () => {
    const text = ': hello\n\ndata: {"seq":1}\n\ndata: {"seq":2}\r\n\r\ndata: {"seq":3}\r\rdata: late'
    const whole = datas(text)
    expect(whole).toEqual(['{"seq":1}', '{"seq":2}', '{"seq":3}'])
    for (let cut = 1; cut < text.length; cut++) {
      expect(datas(text.slice(0, cut), text.slice(cut))).toEqual(whole)
    }
  })

  it('joins several data lines, keeps the id, and forgets the event name after each event', () => {
    const parser = new EventParser()
    expect(parser.push('id: 7\nevent: moved\ndata: a\ndata: b\n\ndata:c\n\n')).toEqual([
      { event: 'moved', data: 'a\nb', id: '7' },
      { event: 'message', data: 'c', id: '7' },
    ])
  })

  it('says nothing for comments and for an event without data', () => {
    expect(datas(': keep-alive\n\n', 'event: ping\n\n')).toEqual([])
  })

  it('gives up on an endless event instead of filling the memory', () => {
    const parser = new EventParser()
    expect(() => parser.push(`data: ${'x'.repeat(MAX_EVENT_CHARS)}`)).toThrow(RangeError)
  })

  it('does not count comments that were finished towards the bound', () => {
    const parser = new EventParser()
    const comment = `: ${'k'.repeat(1000)}\n\n`
    for (let i = 0; i < 100; i++) parser.push(comment)
    expect(parser.push('data: ok\n\n')).toHaveLength(1)
  })
})
