// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { commandOf } from './keys'

const next = vi.fn()
const accept = vi.fn()
const acceptAll = vi.fn()
const keys = { j: next, a: accept, 'Shift+A': acceptAll, '/': next }

function press(key: string, init: KeyboardEventInit = {}, target: Element = document.body) {
  let command: (() => void) | null = null
  target.addEventListener('keydown', (event) => (command = commandOf(event as KeyboardEvent, keys)), { once: true })
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...init }))
  return command
}

describe('commandOf', () => {
  beforeEach(() => void (document.body.innerHTML = ''))

  it('finds a command by its key, and tells a shifted one apart', () => {
    expect(press('j')).toBe(next)
    expect(press('A', { shiftKey: true })).toBe(acceptAll)
    expect(press('A')).toBe(accept)
    expect(press('x')).toBeNull()
  })

  it('leaves the browser its own shortcuts, and a writer their letters', () => {
    expect(press('a', { ctrlKey: true })).toBeNull()
    document.body.innerHTML = '<textarea></textarea><input type="checkbox">'
    expect(press('a', {}, document.querySelector('textarea')!)).toBeNull()
    expect(press('a', {}, document.querySelector('input')!)).toBe(accept)
    expect(press('a', { isComposing: true })).toBeNull()
  })

  it('lets a held key walk the list but never decide twice', () => {
    expect(press('j', { repeat: true })).toBe(next)
    expect(press('a', { repeat: true })).toBeNull()
  })

  it('is silent under an open dialog', () => {
    document.body.innerHTML = '<div role="dialog" aria-modal="true"></div>'
    const dialog = document.querySelector<HTMLElement>('div')!
    dialog.getClientRects = () => [{}] as unknown as DOMRectList
    expect(press('a')).toBeNull()
    dialog.getClientRects = () => [] as unknown as DOMRectList
    expect(press('a')).toBe(accept)
  })
})
