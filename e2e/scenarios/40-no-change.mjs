// The commonest visit of all: nobody's life has changed. Three taps, half a minute.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const mostTaps = 3
const mostSeconds = 30

scenario('no-change', 'a visit without change takes three taps from the household and less than half a minute', async (world) => {
  const server = await world.server({ households: 120 })
  const { household } = await server.household((story) => story.members.length >= 2)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    await tablet.openHousehold(household)
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('the visit, its taps counted by the page itself', async () => {
    await tablet.page.evaluate(() => {
      window.taps = 0
      document.addEventListener('pointerdown', () => window.taps++, { capture: true })
    })
    const began = Date.now()
    for (const name of ['start-visit', 'no-change']) await tablet.at(name).tap()
    await world.shot(device, 'no-change')
    await tablet.at('save-visit').tap()
    await tablet.page.locator('[data-testid="visit-row"][data-pending="true"]').waitFor()
    const seconds = (Date.now() - began) / 1000
    const taps = await tablet.page.evaluate(() => window.taps)
    world.say(`    ${taps} taps, ${seconds.toFixed(1)} s`)
    expectEqual(taps, mostTaps, 'taps from the household to the saved visit')
    expect(seconds < mostSeconds, `the visit takes less than ${mostSeconds} s: ${seconds}`)
    await world.shot(device, 'saved')
  })
  await world.step('the server starts again, and the visit is taken', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('visits', ['applied'])
    await tablet.expectOutcomes('households', ['applied'])
  })
})
