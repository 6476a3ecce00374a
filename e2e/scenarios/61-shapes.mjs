// The main screens on a tablet upright and on its side, and on a telephone: nothing runs
// out of the screen, and what is touched is large enough.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const leastTouch = 48

scenario('shapes', 'every main screen fits tablet, landscape and telephone, with targets of 48 px', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2 && story.visits.length > 0)
  const found = []
  for (const shape of ['landscape', 'tablet', 'phone']) {
    await world.step(shape, async () => {
      const device = await world.profile(shape, shape)
      const tablet = new Tablet(device, server.url)
      await tablet.signInAndSync('worker@demo.test', password)
      const look = async (screen) => {
        await world.shot(device, screen)
        found.push(...(await faults(tablet.page)).map((fault) => `${shape} ${screen}: ${fault}`))
      }
      for (const tab of ['today', 'households', 'sync', 'me']) {
        await tablet.tab(tab)
        await look(tab)
      }
      await tablet.openHousehold(household)
      await look('household')
      await tablet.at('start-visit').click()
      await tablet.at('visit-form').waitFor()
      await tablet.at('has-change').click()
      await tablet.at('change-income').click()
      await look('visit')
    })
  }
  expectEqual(found, [], 'what does not fit or is too small to touch')
})

/** What runs out at the side, and what can be pressed but is smaller than a finger. */
const faults = (page) => page.evaluate((least) => {
  const out = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) out.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
  for (const one of document.querySelectorAll('button, a[href], summary, [role="radio"], [role="checkbox"]')) {
    const { width, height } = one.getBoundingClientRect()
    if (width === 0 || height === 0 || getComputedStyle(one).visibility === 'hidden') continue
    // What is laid out as part of a text is as high as its line.
    if (getComputedStyle(one).display === 'inline') continue
    if (height < least - 0.5 || width < least - 0.5) out.push(`${one.dataset.testid ?? one.textContent.trim().slice(0, 20)} is ${Math.round(width)} × ${Math.round(height)}`)
  }
  return [...new Set(out)]
}, leastTouch)
