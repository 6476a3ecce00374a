// What waits for the first list: it waits for it, and not for ever.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { expectList, listDrawn, whenQuiet } from '../src/tablet/data/quiet'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('calls nothing while the list is still being read, and calls once it is drawn', async () => {
  expectList()
  const call = vi.fn()
  whenQuiet(call)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(call).not.toHaveBeenCalled()
  listDrawn()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(call).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(call).toHaveBeenCalledTimes(1)
})

it('is held up by no list that does not come, and is taken back in time', async () => {
  expectList()
  const [call, taken] = [vi.fn(), vi.fn()]
  whenQuiet(call)
  const takeBack = whenQuiet(taken)
  takeBack()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(call).toHaveBeenCalledTimes(1)
  expect(taken).not.toHaveBeenCalled()
})
