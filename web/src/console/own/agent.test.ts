import { describe, expect, it } from 'vitest'
import { agentOf } from './agent'

describe('agentOf', () => {
  it('names browser and system, and nothing where it cannot tell', () => {
    expect(agentOf('Mozilla/5.0 (Linux; Android 13; MI PAD) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36')).toBe('Chrome 128 · Android 13')
    expect(agentOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0')).toBe('Edge 120 · Windows')
    expect(agentOf('Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/604.1')).toBe('Safari 17 · iOS 17')
    expect(agentOf('Go-http-client/1.1')).toBe('')
    expect(agentOf('')).toBe('')
  })
})
