// A change that the town does not accept goes back: value, reason and task.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const reason = '缺少收入证明，请补充工资流水后重新填写。'

scenario('returned', 'a returned change reaches the tablet with its reason, and the value is restored', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 1000)
  const before = household.monthly_income
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)

  await world.step('a worker changes the income', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.openHousehold(household)
    await tablet.editHousehold({ monthly_income: before + 777 })
    await tablet.untilIncome(before + 777)
  })
  await world.step('the town returns it with a reason', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('reviews')
    const group = await desk.untilRow('review-group', household.head_name)
    await group.getByTestId('review-item').first().click()
    await desk.at('change-monthly_income').waitFor()
    await desk.at('review-return').click()
    await desk.at('reason-submit').click()
    await desk.at('reason-empty').waitFor()
    await desk.at('reason-text').fill(reason)
    await world.shot(profile, 'reason')
    await desk.at('reason-submit').click()
    await desk.at('reason-dialog').waitFor({ state: 'detached' })
    await desk.at('review-group').filter({ hasText: household.head_name }).waitFor({ state: 'detached' })
  })
  await world.step('the tablet shows the old value, by itself', () => tablet.untilIncome(before))
  await world.step('the worker finds reason and task on the first screen', async () => {
    await tablet.tab('today')
    await tablet.at('returned').waitFor()
    await tablet.expectText(tablet.at('returned'), reason)
    await tablet.expectText(tablet.at('returned'), household.head_name)
    expectEqual(await tablet.at('draft-row').count(), 0, 'drafts left of a form that was saved')
    await world.shot(device, 'today')
    await tablet.tab('sync')
    await tablet.page.locator('[data-testid="op"][data-outcome="returned"]').first().waitFor()
    await world.shot(device, 'sync')
  })
})
