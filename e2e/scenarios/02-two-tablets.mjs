// Two people change the same household without a network: what may merge merges, what
// needs a person becomes a case, and its resolution reaches both.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const [firstPhone, secondPhone] = ['13953200001', '13953200002']
const [firstIncome, secondIncome] = [1100, 900]
const reason = '已向银行流水核实，以第二次走访为准。'

scenario('two-tablets', 'two tablets change one household offline: one field merges, the other becomes a case', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 1500 && story.warnings.length === 0)
  const one = { device: await world.profile('first', 'tablet') }
  const two = { device: await world.profile('second', 'tablet') }
  one.tablet = new Tablet(one.device, server.url)
  two.tablet = new Tablet(two.device, server.url)

  await world.step('both sign in and sync', async () => {
    await one.tablet.signInAndSync('worker@demo.test', password)
    await two.tablet.signInAndSync('worker2@demo.test', password)
    await two.tablet.untilInstalled()
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('both change telephone and income of the same household', async () => {
    await changeBoth(one.tablet, household, firstPhone, firstIncome)
    await changeBoth(two.tablet, household, secondPhone, secondIncome)
    await two.device.close()
  })
  await world.step('the server starts, and the first tablet syncs', async () => {
    await server.start()
    await one.tablet.tab('sync')
    await one.tablet.untilSynced()
    await one.tablet.expectOutcomes('households', ['applied', 'applied'])
  })
  const desk = await world.step('the reviewer is at work, with no case yet', () => openDesk(world, server))
  await world.step('the second tablet syncs: the telephone merges, the income is a conflict', async () => {
    await two.device.open()
    await two.tablet.open()
    await two.tablet.tab('sync')
    await two.tablet.untilSynced()
    await expectMergedAndConflict(world, two)
  })
  await world.step('the case reaches the reviewer without a reload', async () => {
    await desk.at('count-cases').waitFor()
    await resolveCase({ world, desk, household })
  })
  await world.step('both tablets show the result', async () => {
    for (const { device, tablet } of [one, two]) {
      await tablet.openHousehold(household)
      await tablet.untilIncome(secondIncome)
      await tablet.expectText(tablet.at('household'), secondPhone)
      await world.shot(device, 'result')
    }
    await two.tablet.tab('sync')
    await until('the second tablet shows its conflict as resolved', async () =>
      (await two.tablet.outcomes('households')).includes('resolved'))
    await two.tablet.expectText(two.tablet.at('sync-page'), reason)
    await world.shot(two.device, 'resolved')
  })
})

async function changeBoth(tablet, household, phone, income) {
  await tablet.openHousehold(household)
  await tablet.editHousehold({ phone })
  await tablet.editHousehold({ monthly_income: income })
  await tablet.untilIncome(income)
}

async function openDesk(world, server) {
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  await desk.enter('town@demo.test', password)
  await desk.go('cases')
  await desk.at('list-empty').waitFor()
  return desk
}

async function expectMergedAndConflict(world, { device, tablet }) {
  await until('one edit merged and one in conflict on the second tablet', async () => (await tablet.outcomes('households')).sort().join() === 'conflict,merged')
  await tablet.page.locator('[data-testid="attention"] [data-outcome="conflict"]').waitFor()
  await world.shot(device, 'conflict')
}

async function resolveCase({ world, desk, household }) {
  const row = await desk.untilRow('case-item', household.head_name)
  await row.first().click()
  const value = async (side) => Number((await desk.at(`case-${side}`).getByTestId('case-value').innerText()).replace(/[^\d.]/g, ''))
  await desk.at('case-detail').waitFor()
  expectEqual(
    [await value('base'), await value('server'), await value('device')],
    [household.monthly_income, firstIncome, secondIncome], 'base, server and device of the case')
  await desk.at('case-choose-device').click()
  await desk.at('case-reason').fill(reason)
  await world.shot(desk.profile, 'case')
  await desk.at('case-submit').click()
  await until('the case is gone from the list', async () => (await desk.at('case-item').count()) === 0)
  await until('no case is counted in the menu', async () => (await desk.at('count-cases').count()) === 0)
}
