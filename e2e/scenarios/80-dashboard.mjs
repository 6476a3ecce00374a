// 看板: the county looks at all of it, goes from figures to the lists behind them, and into
// a town; a town sees its own.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Dashboard } from '../pages/dashboard.mjs'

scenario('dashboard', 'every figure of the monitor leads to the list that it counts, for the county and for a town', async (world) => {
  const server = await world.server()
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  const board = new Dashboard(desk)
  const axe = []

  await world.step('the county sees how it stands', async () => {
    await desk.enter('county@demo.test', password)
    await board.open()
    await profile.page.locator('[data-testid="tile-register"] svg').first().waitFor()
    await world.picture(profile, 'console-dashboard.png')
    axe.push(...(await violations(profile, 'dashboard')))
    for (const tile of ['register', 'delivery', 'funds', 'movement']) await desk.at(`tile-${tile}`).scrollIntoViewIfNeeded()
    await world.shot(profile, 'lower')
  })
  await world.step('a figure is as many as its list has rows', async () => {
    await board.matches('head-overdue', 'warning-item')
    await board.matches('head-lacking_any', 'household-row')
    await desk.at('tile-delivery-switch').click()
    const cell = desk.page.locator('[data-testid^="figure-lacking-"]').first()
    const [testid, shown] = [await cell.getAttribute('data-testid'), Number((await cell.innerText()).replace(/\D/g, ''))]
    await world.shot(profile, 'table')
    axe.push(...(await violations(profile, 'a tile as a table')))
    expectEqual(await board.behind(testid, 'household-row'), shown, `the list behind ${testid}`)
    await world.shot(profile, 'list')
    axe.push(...(await violations(profile, 'the list behind a figure')))
    await board.back()
  })
  await world.step('a town is looked into from the map, by keyboard', async () => {
    const place = desk.page.locator('[data-testid="map-place"][data-place="370281102"]')
    await place.focus()
    await desk.page.keyboard.press('Enter')
    await desk.page.locator('[data-testid="dashboard-area"]', { hasText: '李哥庄镇' }).waitFor()
    await board.loaded()
    await world.shot(profile, 'town')
    axe.push(...(await violations(profile, 'a town')))
    await board.matches('head-open', 'warning-item')
    expect(desk.page.url().includes('area=370281102'), 'the way back keeps the town')
    await desk.page.keyboard.press('u')
    await desk.page.locator('[data-testid="map-place"][data-place="370281001"]').waitFor()
  })
  await world.step('nothing lies beyond a landscape tablet', async () => {
    await desk.page.setViewportSize({ width: 1180, height: 820 })
    await board.loaded()
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no way to scroll sideways')
    await world.shot(profile, 'landscape')
    await desk.page.setViewportSize({ width: 1440, height: 900 })
  })
  await world.step('a town sees its own', async () => {
    await desk.at('sign-out').click()
    await desk.enter('town@demo.test', password)
    await board.open()
    await board.matches('head-open', 'warning-item')
    await world.shot(profile, 'own-town')
  })
  expectEqual(axe, [], 'what axe finds')
})
