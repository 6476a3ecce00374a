// Values on their way into the outbox.
import { expect, it } from 'vitest'
import { wellFormed } from '../src/sync/values'
import { FakeServer } from './fake-server'
import { edit, op, tablet, testId } from './tablet'

it('makes text that UTF-8 can carry, and leaves whole characters alone', () => {
  const text = { half: '\ud842', other: 'a\udfb7b', whole: '𠮷 😀 铁脚板', list: ['\ud83d', { deep: 'x\ud83d' }], n: 1, no: null }
  expect(wellFormed(text)).toEqual({
    ...{ half: '\ufffd', other: 'a\ufffdb', whole: '𠮷 😀 铁脚板', list: ['\ufffd', { deep: 'x\ufffd' }], n: 1, no: null },
  })
})

it('stores no op that the server could never take', async () => {
  const server = new FakeServer()
  const one = tablet(server)
  await one.store.adoptDevice({ device: testId(), epoch: testId(), next_n: 1, server_time: '' })
  await edit(one, op('create', 'households', testId(), { head_name: '王\ud842' }))
  const device = await one.store.meta.get('device')
  const [stored] = (await one.store.outbox.batch(device?.id ?? '', 10)).ops
  expect(stored?.set).toEqual({ head_name: '王\ufffd' })
})
