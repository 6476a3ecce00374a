// The first download is broken off by three reloads, shows how far it is, and can be
// worked with before it is whole.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, syncMillis, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

/** Small pages, so that a village has many. */
const pageRows = 60

scenario('first-sync', 'the first download survives three reloads, shows progress, and is usable early', async (world) => {
  const server = await world.server({ households: 3000 })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  let allowed = 0
  let asked = 0
  await world.step('each time a page or two arrives, then the network is gone', async () => {
    // Pages pass one by one, as many as are allowed; the rest meet no network.
    await tablet.page.context().route('**/api/sync/v1/pull**', (route) => {
      if (asked++ >= allowed) return route.abort('internetdisconnected')
      return route.continue({ url: route.request().url().replace(/limit=\d+/, `limit=${pageRows}`) })
    })
    await tablet.page.context().route('**/api/sync/v1/snapshot**', (route) => route.abort('internetdisconnected'))
    await tablet.open()
    allowed = 1
    await tablet.signIn('worker@demo.test', password)
  })
  const received = async () => Number(await tablet.at('first-sync').getAttribute('data-received'))
  let last = 0
  for (let reload = 0; reload < 3; reload++) {
    await world.step(`reload ${reload + 1}: what came stays, and the count goes on`, async () => {
      await tablet.at('first-sync').waitFor({ timeout: syncMillis })
      last = await until(`more than ${last} records`, async () => {
        const now = await received()
        return now > last ? now : Promise.reject(new Error(`${now} received`))
      }, syncMillis)
      await tablet.at('first-sync-fault').waitFor({ timeout: syncMillis })
      await tablet.page.reload()
      // Not before: a page that the leaving one asked for would go with it.
      allowed = asked + 1
      await tablet.unlockIfLocked?.()
    })
  }
  await world.step('it is used before it is whole', async () => {
    await tablet.at('first-sync-use').click()
    await tablet.tab('households')
    await until('households to work with early', async () => {
      const early = Number(await tablet.at('household-list').getAttribute('data-count'))
      return early > 0 ? early : Promise.reject(new Error(`${early} of them`))
    }, syncMillis)
    await world.shot(device, 'early')
  })
  await world.step('the network is back, and the rest comes by itself', async () => {
    allowed = Infinity
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.page.reload()
    await tablet.unlockIfLocked?.()
    await tablet.tab('households')
    const token = await server.token('town@demo.test')
    const { record } = await server.call('/api/collections/users/auth-with-password', { method: 'POST', body: { identity: 'worker@demo.test', password } })
    let expected = 0
    let cursor = ''
    do {
      const page = await server.call(`/api/console/v1/households?area=${record.scope.areas[0]}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { token })
      expected += page.items.filter((item) => item.state !== 'closed').length
      cursor = page.cursor ?? ''
    } while (cursor)
    const count = await until('the village in the list', async () => {
      const shown = Number(await tablet.at('household-list').getAttribute('data-count'))
      return shown >= expected ? shown : Promise.reject(new Error(`${shown} of ${expected}`))
    }, syncMillis)
    world.say(`    ${last} records before the third reload; ${count} households at the end, the town counts ${expected}`)
    expect(count >= expected, `every household of the village is there: ${count} of ${expected}`)
  })
})
