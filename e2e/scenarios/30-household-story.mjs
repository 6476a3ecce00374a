// One household's page, read where there is no server: who lives there, what to ask,
// what they are entitled to and did not get, the chain, the card, the paper form.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const missing = ({ entitlements, assistance }) => entitlements.some((item) => item.state === 'not_delivered') && assistance.length > 2
const given = (story) => story.assistance.filter((item) => item.state === 'given')

scenario('household-story', 'a household page tells without a server what to ask and what was not delivered', async (world) => {
  const server = await world.server()
  const story = await server.household(missing)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('the page says what was not delivered, with clause and reason', async () => {
    await tablet.openHousehold(story.household)
    const open = story.entitlements.filter((item) => item.state === 'not_delivered')
    expectEqual(await tablet.at('entitled').getAttribute('data-missing'), String(open.length), 'items not delivered')
    const row = tablet.page.locator(`[data-testid="entitled-row"][data-state="not_delivered"]`).first()
    await tablet.expectText(row, open.find((item) => item.reason).reason)
    await world.shot(device, 'top')
    await tablet.at('entitled').scrollIntoViewIfNeeded()
    await world.shot(device, 'entitled')
  })
  await world.step('the questions to verify are the first thing to read', async () => {
    const asked = story.entitlements.filter((item) => item.state === 'to_verify').flatMap((item) => item.questions ?? [])
    for (const question of asked.slice(0, 2)) await tablet.expectText(tablet.at('ask-today'), question)
  })
  await world.step('the chain sums what arrived in the last year', async () => {
    const yearAgo = new Date(Date.now() + 8 * 3600e3)
    yearAgo.setFullYear(yearAgo.getFullYear() - 1)
    const since = yearAgo.toISOString().slice(0, 10)
    const sum = given(story).filter((item) => item.given_on >= since).reduce((total, item) => total + (item.amount ?? 0), 0)
    expectEqual(Number(await tablet.at('chain-sum').getAttribute('data-sum')), sum, 'sum of the chain')
    await tablet.at('chain').scrollIntoViewIfNeeded()
    await world.shot(device, 'chain')
  })
  await world.step('the policy card opens from the item, with a number to call', async () => {
    const row = tablet.page.locator('[data-testid="entitled-row"][data-state="not_delivered"]').first()
    const item = await row.getAttribute('data-item')
    await row.click()
    await tablet.page.locator(`[data-testid="policy"][data-item="${item}"]`).waitFor()
    await tablet.at('policy-here').waitFor()
    expectEqual(await tablet.at('policy-call').getAttribute('href'), 'tel:12345', 'the number to call')
    await world.shot(device, 'policy')
    await tablet.at('back').click()
    await tablet.at('household').waitFor()
  })
  await world.step('a wide screen and a phone show the same page', async () => {
    for (const [name, size] of [['landscape', { width: 1180, height: 800 }], ['phone', { width: 390, height: 844 }]]) {
      await tablet.page.setViewportSize(size)
      await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
      await world.shot(device, name)
      const over = await tablet.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(over <= 0, `${name}: nothing runs over the edge, ${over} px do`)
    }
    await tablet.page.setViewportSize({ width: 800, height: 1180 })
  })
})

scenario('policies', 'all policies can be read, searched and called about without a server', async (world) => {
  const server = await world.server({ households: 60 })
  const { assistance } = await server.call('/api/sync/v1/schema', { token: await server.token('worker@demo.test') })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  await world.step('sign in, sync, and the server is killed', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
  })
  await world.step('every item of the matrix has its card', async () => {
    await tablet.tab('me')
    await world.shot(device, 'me')
    await tablet.at('me-policies').click()
    await tablet.at('policies').waitFor()
    await until('every card', async () => (await tablet.at('policy-row').count()) === assistance.length)
    await world.shot(device, 'list')
  })
  await world.step('a word finds the card', async () => {
    await tablet.at('policy-search').fill('危房')
    await until('one card', async () => (await tablet.at('policy-row').count()) === 1)
    await tablet.at('policy-row').click()
    const card = assistance.find((item) => item.code === 'housing_rural')
    for (const words of [card.plain, card.who, card.how, card.clause]) await tablet.expectText(tablet.at('policy'), words)
    await world.shot(device, 'card')
  })
})
