// 一门受理、协同办理 on the screens: a town hands a warning to a department, which sees
// the columns of the purpose alone, and answers; the answer is in the chain of help.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'

const purpose = '请核实参保情况并落实医疗救助。'

scenario('referral', 'a town refers a household to a department, which answers, and the answer is in the chain', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.warnings.some((warning) => warning.state === 'open') && story.members.length >= 2)
  const town = await world.profile('town', 'console')
  const office = await world.profile('department', 'console')
  const desk = new Console(town, server.url)
  const box = new Console(office, server.url)
  const axe = []

  await world.step('the town hands a warning to the department', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('warnings')
    await (await desk.untilRow('warning-item', household.head_name)).first().click()
    await desk.at('warning-step-refer').click()
    await desk.at('referral-item').selectOption('medical_aid')
    await desk.at('referral-department').selectOption('medical')
    await desk.at('referral-purpose').fill(purpose)
    await desk.at('referral-seen').waitFor()
    await world.shot(town, 'send')
    axe.push(...(await violations(town, 'sending')))
    await desk.at('referral-send').click()
    await desk.page.getByText('已转给').waitFor()
    await desk.go('referrals')
    await (await desk.untilRow('referral-item', household.head_name)).first().click()
    await desk.at('referral-way').waitFor()
    await world.shot(town, 'sent')
    axe.push(...(await violations(town, 'referrals')))
  })
  await world.step('the department sees what its purpose needs, receives, and answers', async () => {
    await box.open()
    await box.signIn('medical@demo.test', password)
    await box.go('inbox')
    await (await box.untilRow('inbox-item', '医疗救助')).first().click()
    await box.at('inbox-detail').waitFor()
    await box.page.locator('[data-column="members.insured"]').waitFor()
    expectEqual(await box.page.locator('[data-column="households.monthly_income"]').count(), 0, 'columns that the purpose does not name')
    await box.at('inbox-receive').click()
    await box.at('answer-delivered').check()
    await box.at('answer-amount').fill('860.50')
    await box.at('answer-text').fill('一站式结算，已到账')
    await world.shot(office, 'answer')
    axe.push(...(await violations(office, 'inbox')))
    await box.at('answer-send').click()
    await box.at('inbox-result').waitFor()
    expectEqual(await box.page.locator('[data-column="members.insured"]').count(), 0, 'columns that are left when it is over')
    await world.shot(office, 'answered')
  })
  await world.step('an inquiry tells a status, and nothing of who is not there', async () => {
    await box.go('inquiry')
    await box.at('inquiry-name').fill('无此人')
    await box.at('inquiry-number').fill('11010519491231002X')
    await box.at('inquiry-purpose').selectOption('medical_aid')
    await box.at('inquiry-ask').click()
    await box.at('inquiry-answer').filter({ hasText: '没有查到' }).waitFor()
    await world.shot(office, 'inquiry')
    axe.push(...(await violations(office, 'inquiry')))
  })
  await world.step('the town finds the answer in the chain of help', async () => {
    await desk.openHousehold(household)
    await desk.at('chain-item').filter({ hasText: '860.5' }).waitFor()
    await world.shot(town, 'chain')
    await desk.at('household-referral').first().click()
    await desk.at('referral-result').waitFor()
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
