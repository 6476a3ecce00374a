// The day in one look: need first, nearness only between equals and only if offered.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('today', 'the day is sorted by need, by nearness only where the worker offers a place, without a server', async (world) => {
  const server = await world.server()
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const needs = () => tablet.at('stop').evaluateAll((all) => all.map((one) => Number(one.dataset.need)))
  const ids = () => tablet.at('stop').evaluateAll((all) => all.map((one) => one.dataset.id))
  const showAll = async () => {
    while (await tablet.at('plan-more').isVisible()) await tablet.at('plan-more').click()
  }

  await world.step('sign in, sync, and the server is killed', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    await tablet.tab('today')
    await tablet.at('today-plan').waitFor()
    await world.shot(device, 'today')
  })
  const before = await world.step('the gravest come first, each household once', async () => {
    await showAll()
    const [order, households] = [await needs(), await ids()]
    expect(order.length > 3, `several households wait, ${order.length} do`)
    expectEqual(order, [...order].sort((a, b) => b - a), 'needs from high to low')
    expectEqual(households.length, new Set(households).size, 'households that stand once')
    return households
  })
  await world.step('a place is offered: need still decides, nearness between equals', async () => {
    const context = tablet.page.context()
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation({ latitude: 36.26, longitude: 119.98 })
    await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
    await tablet.at('near').click()
    await until('the list sorted by nearness', async () => (await tablet.at('near').getAttribute('aria-pressed')) === 'true')
    await showAll()
    const order = await needs()
    expectEqual(order, [...order].sort((a, b) => b - a), 'needs from high to low')
    expectEqual([...(await ids())].sort(), [...before].sort(), 'the same households')
    await world.shot(device, 'near')
  })
  await world.step('a half-finished form stands on top after the browser was closed', async () => {
    await tablet.at('stop').first().click()
    await tablet.at('start-visit').click()
    await tablet.at('visit-form').waitFor()
    await tablet.at('conclusion').fill('写到一半')
    await tablet.untilKept()
    await tablet.at('back').click()
    await tablet.at('household-drafts').waitFor()
    await device.close()
    await device.open()
    await tablet.open()
    await tablet.tab('today')
    await until('one half-finished form', async () => (await tablet.at('draft-row').count()) === 1)
    await world.shot(device, 'draft')
    await tablet.page.setViewportSize({ width: 390, height: 844 })
    await world.shot(device, 'phone')
  })
})
