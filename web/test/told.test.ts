// What a tablet tells of itself with a pull (docs/protocol.md, C.15).
import { beforeEach, expect, it } from 'vitest'
import { FakeServer } from './fake-server'
import { edit, op, serverAndTablet, synced, testId, type Tablet } from './tablet'

let server: FakeServer
let one: Tablet

beforeEach(() => ({ server, one } = serverAndTablet()))

it('a tablet tells once a pull what still lies on it after its push', async () => {
  await synced(one)
  server.told.length = 0
  server.pageSize = 1
  for (const name of ['1', '2', '3']) server.put('households', testId(), { phone: name })
  await edit(one, op('create', 'visits', testId(), {}))
  const [sent, waits] = [testId(), testId()]
  for (const id of [sent, waits]) await one.store.photos.keepDraft({ id, owner: 'form', household: 'h', picture: new Uint8Array(4), thumb: new Uint8Array(1), sha256: '', filetype: 'image/jpeg', made: 1 })
  await one.store.photos.enqueue([sent, waits], 'form')
  await one.store.photos.markSent(sent)
  await synced(one)
  expect(server.pages.length).toBeGreaterThan(2)
  // The edit is taken by the push before; one picture waits for its network.
  expect(server.told.map(({ waiting, photos }) => ({ waiting, photos }))).toEqual([{ waiting: '0', photos: '1' }])
  expect(server.told[0]!.app).not.toBe('')
  expect(Number.isNaN(Date.parse(server.told[0]!.clock!))).toBe(false)
})
