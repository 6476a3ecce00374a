// A new version waits until no tab holds a form with something entered, and until
// nobody is looking, unless the worker asked for it.
import { describe, expect, it, vi } from 'vitest'
import { attemptUpdate, type Locks, type UpdateAttempt } from '../src/tablet/data/update'
import { markClean, markDirty } from '../src/tablet/forms/dirty'
import { openDraft } from '../src/tablet/forms/draft'
import { FakeServer } from './fake-server'
import { BrowserLocks } from './locks'
import { tablet } from './tablet'

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

function attempts(locks: Locks): { tried: (asked: boolean) => Promise<UpdateAttempt>; applied: () => number } {
  let applied = 0
  return { tried: (asked) => attemptUpdate(locks, asked, async () => void applied++), applied: () => applied }
}

describe('a new version of the app', () => {
  it('waits for a form in any tab, asked for or not, and takes over when the last one ends', async () => {
    const browser = new BrowserLocks()
    const { tried, applied } = attempts(browser)
    for (const form of ['one', 'two']) markDirty(form, browser)
    expect([await tried(true), await tried(false), applied()]).toEqual(['form_open', 'form_open', 0])
    markClean('one')
    await settle()
    expect(await tried(true)).toBe('form_open')
    markClean('two')
    await settle()
    expect([await tried(true), applied()]).toEqual(['applied', 1])
  })

  it('does not load anew what somebody is looking at, unless the worker asked', async () => {
    const browser = new BrowserLocks()
    const { tried } = attempts(browser)
    let hide = (): void => {}
    void browser.request('doorstep-visible', { mode: 'shared' }, () => new Promise<void>((resolve) => (hide = resolve)))
    expect(await tried(false)).toBe('looked_at')
    expect(await tried(true)).toBe('applied')
    hide()
    await settle()
    expect(await tried(false)).toBe('applied')
  })

  it('keeps forms that begin meanwhile from being taken for none', async () => {
    const browser = new BrowserLocks()
    let failed = (): void => {}
    const taking = attemptUpdate(browser, true, () => new Promise((resolve) => (failed = resolve)))
    await settle()
    markDirty('late', browser)
    // The takeover did not happen: the form's hold is granted, and stands.
    failed()
    await taking
    await settle()
    expect(await attempts(browser).tried(true)).toBe('form_open')
    markClean('late')
  })

  it('is held up by a form from the first thing entered until it is saved, thrown away or left', async () => {
    const browser = new BrowserLocks()
    vi.stubGlobal('navigator', { locks: browser })
    try {
      const on = tablet(new FakeServer())
      const form = async (id: string): Promise<Awaited<ReturnType<typeof openDraft<{ text: string }>>>> =>
        openDraft(on.store, { id, kind: 'visit', household: 'h' }, async () => ({ text: '' }), () => 1)
      const { tried } = attempts(browser)
      const [saved, dropped, left] = [await form('a'), await form('b'), await form('c')]
      expect(await tried(true)).toBe('applied')
      const ends = [() => saved.endWith(async () => {}), () => dropped.discard(), () => left.leave()]
      for (const [at, draft] of [saved, dropped, left].entries()) {
        draft.form.text = '没写完'
        expect(await tried(true)).toBe('form_open')
        await ends[at]?.()
        await settle()
        expect(await tried(true)).toBe('applied')
      }
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
