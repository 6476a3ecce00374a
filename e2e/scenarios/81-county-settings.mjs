// What the county sets: a number from a day on, holidays, an indicator of its own that is
// tried before it is switched on; and the nightly round, run by hand.
import { violations } from '../fixture/axe.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'

/** In the years of the working calendar that a test lives to see, and after every today. */
const nextYear = Number(chinaDay().slice(0, 4)) + 1
const newYear = `${nextYear}-01-01`

scenario('county-settings', 'the county sets a number by date, adds holidays, tries an indicator of its own and runs the round', async (world) => {
  const server = await world.server()
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  const axe = []
  const look = async (screen) => {
    await world.shot(profile, screen)
    axe.push(...(await violations(profile, screen)))
  }

  await world.step('a number is set from a day on, and said what that means', async () => {
    await desk.enter('county@demo.test', password)
    await desk.go('parameters')
    await desk.at('parameter-find').fill('verify_red')
    await desk.at('parameter-item').first().click()
    const was = Number((await desk.at('parameter-now').innerText()).replace(/\D/g, ''))
    await desk.at('parameter-value').fill('999999')
    await desk.at('parameter-wrong').waitFor()
    await desk.at('parameter-value').fill(String(was + 1))
    await desk.at('parameter-from').fill(newYear)
    await desk.at('parameter-note').fill('市民政局办公会决定')
    await desk.page.locator('[data-testid="parameter-preview"]', { hasText: newYear }).waitFor()
    await look('parameters')
    await desk.page.keyboard.press('Control+Enter')
    await desk.page.locator('[data-testid="parameter-history"]', { hasText: newYear }).waitFor()
    expectEqual(Number((await desk.at('parameter-now').innerText()).replace(/\D/g, '')), was, 'what stands today')
    await look('parameter-set')
  })
  await world.step('a holiday is added to the calendar', async () => {
    await desk.go('calendar')
    await desk.at('calendar-after').click()
    await desk.page.locator('[data-testid="calendar-year"]', { hasText: String(nextYear) }).waitFor()
    await desk.at('calendar-from').fill(newYear)
    await desk.at('calendar-name').fill('元旦')
    await desk.at('calendar-preview').waitFor()
    await desk.at('calendar-send').click()
    await desk.page.locator(`[data-testid="day-${newYear}"][data-kind="holiday"]`).waitFor()
    await look('calendar')
  })
  await world.step('an own indicator is tried, kept, and switched on', async () => {
    await desk.go('indicators')
    await desk.at('indicator-item').first().waitFor()
    await look('indicators')
    await desk.at('indicator-new').click()
    await desk.at('own-title').fill('独居低收入')
    await desk.at('own-expression').fill('household.income_per_head <')
    await desk.at('own-try').click()
    await desk.at('own-failure').waitFor()
    await desk.at('own-expression').fill('household.heads >= 1')
    await desk.at('own-try').click()
    await desk.at('own-trial').waitFor()
    await look('own')
    await desk.at('own-save').click()
    await desk.at('indicator-expression').waitFor()
    await desk.at('indicator-switch').click()
    await desk.at('reason-text').fill('试算无误')
    await desk.at('reason-submit').click()
    await desk.page.locator('[data-testid="indicator-detail"]', { hasText: '· 启用' }).waitFor()
    await look('own-on')
  })
  await world.step('the round is run, and raises what the trial promised', async () => {
    await desk.at('indicator-rounds').click()
    await desk.at('round-run').click()
    await desk.at('round-row').first().waitFor()
    await until('the round is over', async () => (await desk.page.locator('[data-testid="round-row"] .chip-green').count()) > 0, 60_000)
    expect(Number(await desk.page.locator('[data-testid="round-row"] td').nth(3).innerText()) >= 1, 'the own indicator raised warnings')
    await look('rounds')
  })
  expectEqual(axe, [], 'what axe finds')
})
