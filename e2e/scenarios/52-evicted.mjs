// The browser clears up: first the app's own files, then everything.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('evicted', 'a cleared cache costs nothing that was recorded; a cleared database becomes a new device without duplicates', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const browser = async (method, parameters) => {
    const session = await tablet.page.context().newCDPSession(tablet.page)
    await session.send(method, parameters)
    await session.detach()
  }
  const clear = (storageTypes) => browser('Storage.clearDataForOrigin', { origin: server.url, storageTypes })
  const deviceId = async () => {
    await tablet.tab('me')
    return (await tablet.at('device-id').innerText()).trim()
  }
  const firstDevice = await world.step('a worker signs in, and edits while the server is dead', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    const id = await deviceId()
    await server.kill()
    await tablet.openHousehold(household)
    await tablet.editHousehold({ phone: '13953200031' })
    return id
  })
  await world.step('the cache and the service worker go; the edit and the records are there all the same', async () => {
    await clear('cache_storage,service_workers')
    await server.start()
    await tablet.open()
    await tablet.unlockIfLocked?.()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', ['applied'])
    expectEqual(await deviceId(), firstDevice, 'the device after its cache was cleared')
    await tablet.untilInstalled()
  })
  const before = await world.step('the village is counted', async () => {
    await tablet.tab('households')
    return Number(await tablet.at('household-list').getAttribute('data-count'))
  })
  await world.step('everything goes: the worker signs in again, as a new device, and the village is whole', async () => {
    await tablet.page.goto('about:blank')
    await clear('all')
    await tablet.signInAndSync('worker@demo.test', password)
    expect((await deviceId()) !== firstDevice, 'a new device after everything was cleared')
    await tablet.tab('households')
    await until(`${before} households after the second download`, async () => {
      const count = Number(await tablet.at('household-list').getAttribute('data-count'))
      return count === before || Promise.reject(new Error(`${count} of them`))
    })
    await tablet.openHousehold(household)
    await tablet.expectText(tablet.at('household'), '13953200031')
  })
  await world.step('the new device works', async () => {
    await tablet.editHousehold({ phone: '13953200032' })
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', ['applied'])
    await world.shot(device, 'new-device')
  })
})
