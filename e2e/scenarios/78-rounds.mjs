// The town's days: a trial of the test, leaving a category into the next, a round of visits
// from the order of need, and a provider's social worker who sees what the contract gives.
import { violations } from '../fixture/axe.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Files } from '../pages/casework.mjs'
import { Console } from '../pages/console.mjs'

const consents = ['如实申报承诺', '家庭经济状况核对授权', '同意一次申请']

scenario('rounds', 'a trial and leaving a category; a round of visits from the order of need; purchased service that ends with its contract', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household((story) => story.members.length >= 2 && story.categories.some((held) => !held.to && !held.member && held.category === 'subsistence'))
  await server.call('/api/console/v1/indicators/settings', { token: await server.token('county@demo.test'), method: 'POST', body: { key: 'suggest', value: '1', note: '试用' } })
  const profile = await world.profile('town', 'console')
  const desk = new Console(profile, server.url)
  const files = new Files(desk)
  const axe = []
  const today = chinaDay()

  await world.step('what would be if they earned more: nothing is stored', async () => {
    await desk.enter('town@demo.test', password)
    await desk.openHousehold(household)
    await desk.at('household-what-if').click()
    await desk.at('change-0-fact').selectOption({ label: '家庭月收入' })
    await desk.at('field-change-0-value').locator('input').fill('9000')
    await desk.at('what-if-ask').click()
    await desk.at('result-pair').waitFor()
    expectEqual(await desk.at('result-pair').getAttribute('data-same'), 'false', 'the same result at ten times the income')
    await world.shot(profile, 'what-if')
    axe.push(...(await violations(profile, 'a trial')))
    await desk.page.keyboard.press('Escape')
  })
  await world.step('they leave their category, and the next is tested at once', async () => {
    await desk.at('household-leave').first().click()
    await files.fill('leave', { on: today, reason: '子女就业，收入稳定增加。', consents })
    await files.send('leave')
    await desk.at('left').waitFor()
    await world.shot(profile, 'left')
    axe.push(...(await violations(profile, 'left')))
    await desk.at('left-next').click()
    await desk.at('trace').waitFor()
    await desk.at('application-rerun').click()
    await desk.page.locator('[data-testid="rerun-same"][data-same="true"]').waitFor()
    await world.shot(profile, 'rerun')
    axe.push(...(await violations(profile, 'a rerun')))
    await desk.page.keyboard.press('Escape')
  })
  await world.step('a round of visits is given to those whom somebody chose from the order of need', async () => {
    await desk.go('orders')
    await files.start('orders')
    await files.fill('new', { title: '冬季走访', task_kind: 'visit', due_on: `${Number(today.slice(0, 4)) + 1}-01-31`, way: 'chosen', 'village-village': household.region })
    await desk.at('choose-first').click()
    await desk.at('order-count').click()
    await desk.at('order-counted').waitFor()
    await world.shot(profile, 'suggested')
    axe.push(...(await violations(profile, 'an order of visits')))
    await files.send('new')
    await desk.at('progress').waitFor()
    await world.shot(profile, 'order')
    axe.push(...(await violations(profile, 'progress')))
    await until('the tasks on the tablet', async () => (await server.pulled('worker@demo.test')).some((change) => change.type === 'tasks' && change.record?.title === '冬季走访'))
    await files.step('withdraw', { reason: '改到下周' })
  })
  await world.step('a provider’s social worker sees what the contract gives, until it ends', async () => {
    await desk.go('contracts')
    await files.start('contracts')
    await files.fill('new', { provider: '阳光社工服务中心', credit_code: '91350100M000100Y43', number: '2026-01', from: today, to: `${Number(today.slice(0, 4)) + 1}-06-30` })
    await files.fill('quota-0', { service: 'visit', times: 100 })
    await files.send('new')
    await desk.at('contract-detail').waitFor()
    await desk.at('step-staff').click()
    await desk.at('step-account').selectOption({ index: 1 })
    await files.send('step')
    await desk.at('staff').getByText('服务 0 户').waitFor()
    await desk.at('step-assign').click()
    await desk.at('step-account').selectOption({ index: 1 })
    await files.household('step', 'households', household.head_name)
    await desk.at('staff').click() // several may be chosen: the list closes where one clicks beside it
    await files.send('step')
    await desk.at('staff').getByRole('link', { name: household.head_name }).waitFor()
    await world.shot(profile, 'contract')
    axe.push(...(await violations(profile, 'a contract')))
    await files.step('end', { reason: '服务机构注销' })
  })
  expect(members.length > 0 && axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
