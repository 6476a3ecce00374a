import { effectScope, nextTick } from 'vue'
import Dexie from 'dexie'
import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { useLive } from '../src/tablet/data/live'

describe('a live query', () => {
  it('that failed once is asked again, and follows what changes from then on', async () => {
    const db = new Dexie('live')
    db.version(1).stores({ rows: 'id' })
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    let failures = 1
    const scope = effectScope()
    const count = scope.run(() =>
      useLive(async () => {
        const found = await db.table('rows').count()
        if (failures-- > 0) throw new Error('cut off')
        return found
      }, -1))!
    await vi.waitFor(() => expect(count.value).toBe(0), 30_000)
    expect(log).toHaveBeenCalledOnce()
    await db.table('rows').add({ id: 'a' })
    await nextTick()
    await vi.waitFor(() => expect(count.value).toBe(1), 30_000)
    scope.stop()
    log.mockRestore()
    db.close()
  })
})
