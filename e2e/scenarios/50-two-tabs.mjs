// Two tabs of one tablet: one syncs, the other sees it; when the first closes, the
// other takes over.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, syncMillis, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('two-tabs', 'of two tabs one syncs and the other sees it; when it closes, the other takes over', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const first = new Tablet(device, server.url)
  await world.step('a worker signs in, and opens a second tab', async () => {
    await first.signInAndSync('worker@demo.test', password)
    await first.untilInstalled()
  })
  const second = new Tablet({ name: 'second tab', page: await device.page.context().newPage() }, server.url)
  await second.open()
  await second.unlockIfLocked?.()
  await second.at('today').waitFor()

  const pulls = { first: 0, second: 0 }
  for (const [name, tab] of [['first', first], ['second', second]]) {
    tab.page.on('request', (request) => /\/v1\/(push|pull)\b/.test(request.url()) && pulls[name]++)
  }
  await world.step('an edit in the second tab is sent by the first, and both say so', async () => {
    await second.openHousehold(household)
    await second.editHousehold({ phone: '13953200011' })
    await second.tab('sync')
    await second.untilSynced()
    await first.tab('sync')
    await first.untilSynced()
    await until('the first tab shows the edit of the second', async () => (await first.outcomes('households')).includes('applied'))
    expectEqual([pulls.second, pulls.first > 0], [0, true], 'requests of the second tab, and whether the first made any')
  })
  await world.step('the button in the second tab makes the first sync', async () => {
    const before = pulls.first
    await second.at('sync-now').click()
    await until('a request of the first tab', async () => pulls.first > before)
    expectEqual(pulls.second, 0, 'requests of the second tab')
  })
  await world.step('the first tab closes, and the second syncs by itself', async () => {
    await first.page.close()
    await until('a request of the second tab', async () => pulls.second > 0, syncMillis)
    await second.openHousehold(household)
    await second.editHousehold({ phone: '13953200022' })
    await second.tab('sync')
    await second.untilSynced()
    await second.expectOutcomes('households', ['applied', 'applied'])
    expect(pulls.second > 1, 'the second tab pushes and pulls')
  })
})
