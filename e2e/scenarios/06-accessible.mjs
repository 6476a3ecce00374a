// Every screen of the tablet, as the router lists them, in the usual and the daylight
// display, and the main screens of the console, looked at by axe.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { grave, violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { top } from '../fixture/tools.mjs'
import { expect, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

/** One of the policy's items: its card is a screen. */
const policyItem = 'basic_living'

/** The router's addresses: a screen that is added is visited without a word here. */
const routes = [...(await readFile(join(top, 'web/src/tablet/router.ts'), 'utf8')).matchAll(/path: '([^']+)'/g)]
  .map((match) => match[1])
  .filter((path) => !path.startsWith('/:'))

/** A real address for a route; a parameter that nobody knows fails. */
function addressOf(route, { household, members, visits }) {
  const record = route.includes('/supplement/') ? ['visits', visits[0].id] : ['members', members[0].id]
  const known = { id: route.startsWith('/print/') ? visits[0].id : household.id, draft: randomUUID(), type: record[0], record: record[1], item: policyItem, what: 'visit' }
  return route.replace(/:(\w+)(?:\([^)]*\))?/g, (_whole, name) => known[name] ?? expect(false, `${route}: what is :${name}? Say it in addressOf.`))
}

scenario('accessible', 'no screen of the tablet has an accessibility violation in either display, no main screen of the console a serious one', async (world) => {
  const server = await world.server()
  const story = await server.household((each) => each.members.length >= 2 && each.visits.length > 0)
  const { household } = story
  const found = []
  /** On the tablet nothing is passed over; on the console only what is not grave. */
  const look = async (profile, screen, impacts) => {
    await world.shot(profile, screen)
    found.push(...(await violations(profile, screen, impacts)))
  }

  await world.step('the tablet', async () => {
    const device = await world.profile('tablet', 'tablet')
    const tablet = new Tablet(device, server.url)
    const display = (name) => tablet.page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), name)
    const both = async (screen) => {
      for (const name of ['daylight', 'normal']) {
        await display(name)
        await look(device, `${screen}-${name}`)
      }
    }
    await tablet.open()
    await tablet.at('signin-submit').waitFor()
    await both('sign-in')
    await tablet.signInAndSync('worker@demo.test', password)
    for (const route of routes) {
      const address = addressOf(route, story)
      await tablet.page.evaluate((hash) => (location.hash = hash), address)
      await until(`the screen at ${route}`, async () => tablet.page.url().endsWith(`#${address}`) && tablet.page.locator('main').first().isVisible())
      if (route.includes('/visit/')) await openPanels(tablet)
      if (route.includes('/status/')) await tablet.at('kind-death').click()
      await both(route.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'today')
    }
    world.say(`    ${routes.length} screens, each in two displays`)
    await tablet.page.evaluate(() => (location.hash = '/me'))
    await tablet.at('theme-daylight').click()
    await tablet.at('text-size-huge').click()
    const chosen = await tablet.page.evaluate(() => ({ ...document.documentElement.dataset }))
    expect(chosen.theme === 'daylight' && chosen.text === 'huge', `the settings apply: ${JSON.stringify(chosen)}`)
    await look(device, 'huge')
    await tablet.at('theme-normal').click()
    await tablet.at('text-size-normal').click()
    // Something to review, for the console's screens.
    await tablet.openHousehold(household)
    await tablet.editHousehold({ monthly_income: household.monthly_income + 1 })
    await tablet.tab('sync')
    await tablet.untilSynced()
  })
  await world.step('the console', async () => {
    const profile = await world.profile('console', 'console')
    const desk = new Console(profile, server.url)
    await desk.open()
    await look(profile, 'sign-in', grave)
    await desk.enter('town@demo.test', password)
    for (const screen of ['reviews', 'cases', 'warnings', 'ops', 'households', 'devices']) {
      await desk.go(screen)
      await desk.at('list-loading').waitFor({ state: 'detached' })
      if (screen === 'reviews') await desk.at('review-item').first().click()
      if (screen === 'warnings') await desk.at('warning-item').first().click()
      await look(profile, screen, grave)
    }
    await desk.openHousehold(household)
    await look(profile, 'household', grave)
  })
  expect(found.length === 0, `no violation, but:\n${found.join('\n')}`)
})

async function openPanels(tablet) {
  await tablet.at('has-change').click()
  for (const item of ['income', 'health', 'housing']) await tablet.at(`change-${item}`).click()
}
