// The pages of the household, the policies, the paper form, complaints and practice,
// looked at by axe: nothing at all, on a tablet and on a phone.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('accessible-pages', 'the household, policy, print, complaint and practice pages have no accessibility violation', async (world) => {
  const server = await world.server({ households: 120 })
  const { household } = await server.household((story) => story.visits.length > 0 && story.entitlements.some((item) => item.state === 'not_delivered'))
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const found = []
  const look = async (screen) => {
    await world.shot(device, screen)
    found.push(...(await violations(device, screen)))
  }
  await tablet.signInAndSync('worker@demo.test', password)
  for (const [name, size] of [['tablet', { width: 800, height: 1180 }], ['phone', { width: 390, height: 844 }]]) {
    await world.step(`on a ${name}`, async () => {
      await tablet.page.setViewportSize(size)
      await tablet.tab('today')
      await look(`${name}-today`)
      await tablet.openHousehold(household)
      await look(`${name}-household`)
      await tablet.page.locator('[data-testid="entitled-row"]').first().click()
      await tablet.at('policy').waitFor()
      await look(`${name}-policy`)
      await tablet.at('back').click()
      await tablet.at('household').waitFor()
      await tablet.at('print-visit').first().click()
      await tablet.at('sheet').waitFor()
      await look(`${name}-print`)
      await tablet.at('back').click()
      await tablet.tab('me')
      await look(`${name}-me`)
      await tablet.at('me-policies').click()
      await tablet.at('policies').waitFor()
      await look(`${name}-policies`)
      await tablet.at('back').click()
      await tablet.at('me-complaints').click()
      await tablet.at('new-complaint').click()
      await tablet.at('complaint-form').waitFor()
      await look(`${name}-complaint`)
      await tablet.at('back').click()
      await tablet.at('complaints').waitFor()
      await look(`${name}-complaints`)
    })
  }
  await world.step('the practice village', async () => {
    await tablet.tab('me')
    await tablet.at('practice-start').click()
    await tablet.at('practice-band').waitFor()
    await tablet.at('stop').first().waitFor()
    await look('practice-today')
  })
  expect(found.length === 0, `no violation, but:\n${found.join('\n')}`)
})
