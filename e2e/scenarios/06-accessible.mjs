// The main screens of both apps, looked at by axe: nothing serious or critical.
import { readFile } from 'node:fs/promises'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { axePath } from '../fixture/tools.mjs'
import { expect } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const grave = ['serious', 'critical']
const axe = await readFile(axePath, 'utf8')

scenario('accessible', 'the main screens of both apps have no serious accessibility violation', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2 && story.visits.length > 0)
  const found = []
  const look = async (profile, screen) => {
    await world.shot(profile, screen)
    found.push(...(await violations(profile, screen)))
  }

  await world.step('the tablet', async () => {
    const device = await world.profile('tablet', 'tablet')
    const tablet = new Tablet(device, server.url)
    await tablet.open()
    await tablet.at('signin-submit').waitFor()
    await look(device, 'sign-in')
    await tablet.signInAndSync('worker@demo.test', password)
    for (const tab of ['today', 'households', 'sync', 'me']) {
      await tablet.tab(tab)
      await look(device, tab)
    }
    await tablet.openHousehold(household)
    await look(device, 'household')
    for (const [way, form] of [['start-visit', 'visit-form'], ['report-change', 'status-form'], ['edit-household', 'edit-form']]) {
      await tablet.at(way).click()
      await tablet.at(form).waitFor()
      if (form === 'visit-form') await openPanels(tablet)
      if (form === 'status-form') await tablet.at('kind-death').click()
      await look(device, form)
      await tablet.at('back').click()
      await tablet.at('household').waitFor()
    }
    // Something to review, for the console's screens.
    await tablet.editHousehold({ monthly_income: household.monthly_income + 1 })
    await tablet.tab('sync')
    await tablet.untilSynced()
  })
  await world.step('the console', async () => {
    const profile = await world.profile('console', 'console')
    const desk = new Console(profile, server.url)
    await desk.open()
    await look(profile, 'sign-in')
    await desk.enter('town@demo.test', password)
    for (const screen of ['reviews', 'cases', 'warnings', 'ops', 'households', 'devices']) {
      await desk.go(screen)
      await desk.at('list-loading').waitFor({ state: 'detached' })
      if (screen === 'reviews') await desk.at('review-item').first().click()
      if (screen === 'warnings') await desk.at('warning-item').first().click()
      await look(profile, screen)
    }
    await desk.openHousehold(household)
    await look(profile, 'household')
  })
  expect(found.length === 0, `no serious violation, but:\n${found.join('\n')}`)
})

async function openPanels(tablet) {
  await tablet.at('has-change').click()
  for (const item of ['income', 'health', 'housing']) await tablet.at(`change-${item}`).click()
}

/** axe's serious and critical findings on a screen, one line each. */
async function violations(profile, screen) {
  await profile.page.evaluate(axe)
  const result = await profile.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return result.violations
    .filter((each) => grave.includes(each.impact))
    .map((each) => `${profile.name} ${screen}: ${each.id} (${each.impact}): ${each.help}: ${each.nodes.length} × ${each.nodes[0].html.slice(0, 160)}`)
}
