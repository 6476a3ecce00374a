// Every form of fieldwork, looked at by axe and in three shapes: a tablet upright, a
// tablet lying, a phone. No violation, nothing wider than the screen.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const shapes = { upright: { width: 800, height: 1180 }, lying: { width: 1180, height: 800 }, phone: { width: 390, height: 844 } }

scenario('forms-accessible', 'every form is accessible and fits a tablet upright, lying, and a phone', async (world) => {
  const server = await world.server({ households: 120 })
  const { household } = await server.household((story) => story.members.length >= 2 && story.visits.length > 0)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const found = []
  const look = async (screen) => {
    found.push(...(await violations(device, screen)))
    for (const [shape, size] of Object.entries(shapes)) {
      await tablet.page.setViewportSize(size)
      await world.shot(device, `${screen}-${shape}`)
      const over = await tablet.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (over > 0) found.push(`${screen} ${shape}: ${over} px wider than the screen`)
    }
    await tablet.page.setViewportSize(shapes.upright)
  }
  const openHousehold = async () => {
    await tablet.page.evaluate((id) => (location.hash = `#/households/${id}`), household.id)
    await tablet.at('fieldwork').waitFor()
  }

  await world.step('sign in and sync', () => tablet.signInAndSync('worker@demo.test', password))
  await world.step('the visit with everything open', async () => {
    await openHousehold()
    await look('household')
    await tablet.at('start-visit').click()
    await tablet.at('has-change').click()
    for (const item of ['members', 'income', 'spending', 'health', 'housing', 'work', 'property']) await tablet.at(`change-${item}`).click()
    await tablet.at('signature-open').click()
    await look('visit')
  })
  await world.step('the report', async () => {
    await openHousehold()
    await tablet.at('report-change').click()
    await tablet.at('kind-death').waitFor()
    await look('status-tiles')
    await tablet.at('kind-disaster').click()
    await look('status')
  })
  await world.step('the supplement', async () => {
    await openHousehold()
    await tablet.at('visit-row').first().getByTestId('add-supplement').click()
    await tablet.at('supplement-form').waitFor()
    await look('supplement')
  })
  await world.step('the application', async () => {
    await openHousehold()
    await tablet.at('start-application').click()
    await tablet.at('application-form').waitFor()
    await tablet.at('signer-proxy').click()
    await look('application')
  })
  await world.step('the follow-up', async () => {
    await tablet.page.evaluate((id) => (location.hash = `#/households/${id}/followup/01920000-0000-7000-8000-0000000000ab`), household.id)
    await tablet.at('followup-form').waitFor()
    await look('followup')
    await tablet.page.evaluate(() => (location.hash = '#/followups'))
    await tablet.at('followups').waitFor()
    await look('followups')
  })
  await world.step('the new household', async () => {
    await tablet.page.evaluate(() => (location.hash = '#/households'))
    await tablet.at('new-household').click()
    await tablet.at('add-other').click()
    await tablet.at('save-household').click()
    await tablet.at('household-form').locator('.fault').first().waitFor()
    await look('new-household')
  })
  expect(found.length === 0, `no violation, and nothing too wide, but:\n${found.join('\n')}`)
})
