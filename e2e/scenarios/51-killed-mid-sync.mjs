// The browser dies in the middle of a sync, after the server has the edits and before
// the tablet knows: nothing is lost, nothing doubled.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const edits = 5

scenario('killed-mid-sync', 'a browser that ends between an edit and its answer loses nothing and doubles nothing', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  await world.step('edits are made while the server is dead', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    await tablet.openHousehold(household)
    for (let at = 0; at < edits; at++) await tablet.editHousehold({ monthly_income: household.monthly_income + at + 1 })
  })
  await world.step('the server takes the push, and the answer never arrives: the browser ends', async () => {
    let pushed = false
    await tablet.page.route('**/api/sync/v1/push', async (route) => {
      await route.fetch()
      pushed = true
      await route.abort('connectionreset')
    })
    await server.start()
    await until('a push whose answer is lost', async () => pushed, 60_000)
    await device.close()
  })
  await world.step('opened again it sends again, and each edit has one effect', async () => {
    await device.open()
    await tablet.open()
    await tablet.unlockIfLocked?.()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', Array(edits).fill('applied'))
    await tablet.openHousehold(household)
    await tablet.untilIncome(household.monthly_income + edits)
  })
  await world.step('the town sees five changes, once each', async () => {
    const token = await server.token('town@demo.test')
    const { items } = await server.call('/api/sync/v1/reviews?state=open&limit=100', { token })
    const own = items.filter((item) => item.record === household.id && 'monthly_income' in item.fields)
    expectEqual(own.map((item) => item.fields.monthly_income.after).sort((a, b) => a - b),
      Array.from({ length: edits }, (_, at) => household.monthly_income + at + 1), 'changes in the review queue')
  })
})
