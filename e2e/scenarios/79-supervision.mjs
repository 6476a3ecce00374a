// 监督检查: the county declares a relative, draws households from a stated seed, holds a
// declaration against the register and rules on an error; auditor and department read.
import { violations } from '../fixture/axe.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Files } from '../pages/casework.mjs'
import { Console } from '../pages/console.mjs'

scenario('supervision', 'kin keep out, a sample is drawn and drawn again, a declaration is checked, an error ruled on; a department reads sums', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household((story) => story.members.length >= 2 && story.members.some((member) => member.id_number) && Number(story.household.monthly_income) > 1000)
  const today = chinaDay()
  const town = await server.token('town@demo.test')
  const correction = { id: '01970000-0000-7000-8000-000000000001', household: household.id, concerned_name: '王某', error: '漏登了残疾等级', cause: '证件换发，编号变了', source: 'self', occurred_on: '2026-09-01', found_on: '2026-10-01', corrected_on: '2026-10-08', correction: '已补登并补发' }
  await server.call('/api/console/v1/corrections', { token: town, method: 'POST', body: correction })
  const profile = await world.profile('county', 'console')
  const desk = new Console(profile, server.url)
  const files = new Files(desk)
  const axe = []

  await world.step('a relative of somebody on the staff is declared', async () => {
    await desk.enter('county@demo.test', password)
    await desk.go('relatives')
    await files.start('relatives')
    await desk.at('new-staff').selectOption({ index: 1 })
    const member = members.find((each) => each.id_number)
    await files.fill('new', { relation: 'sibling', name: member.name, id_number: await server.numberOf(household, member) })
    await files.send('new')
    await desk.at('relative-detail').waitFor()
    await world.shot(profile, 'relative')
    axe.push(...(await violations(profile, 'a relative')))
  })
  await world.step('households are drawn from a stated seed, and drawn again', async () => {
    await desk.go('inspections')
    await files.start('inspections')
    await files.fill('new', { area: '370281', size: 5, seed: `${today} 福彩3D 719`, purpose: '低保半年抽查' })
    await files.send('new')
    await desk.at('drawn').waitFor()
    await desk.at('replay').click()
    await desk.page.locator('[data-testid="replayed"][data-same="true"]').waitFor()
    await desk.at('inspect').first().click()
    await files.fill('result', { result: 'funds', inspected_on: today, inspectors: '甲、乙', text: '十月资金未到账' })
    await files.send('result')
    await desk.at('drawn').getByText('十月资金未到账').waitFor()
    await world.shot(profile, 'sample')
    axe.push(...(await violations(profile, 'a sample')))
  })
  await world.step('a declaration stands beside what the register says', async () => {
    await desk.go('declarations')
    await files.start('declarations')
    await files.household('new', 'household', household.head_name)
    await desk.at('new-declarant').waitFor()
    await desk.at('new-declarant').selectOption({ index: 1 })
    await files.fill('new', { declared_on: today, monthly_income: 100, nothing: true })
    await files.send('new')
    await desk.at('differences').waitFor()
    await files.fill('finding', { outcome: 'explained', text: '季节性务工，已说明。' })
    await files.send('finding')
    await desk.at('entries').getByText('季节性务工').waitFor()
    await world.shot(profile, 'declaration')
    axe.push(...(await violations(profile, 'a declaration')))
  })
  await world.step('an error that the town put right is ruled on by the county', async () => {
    await desk.go('corrections')
    await (await desk.untilRow('corrections-item', household.head_name)).first().click()
    await desk.at('ruling').waitFor()
    await files.fill('ruling', { good_faith: 'yes', dutiful: 'yes', objective: 'yes', timely: 'yes', text: '符合四项条件' })
    await files.send('ruling')
    await desk.at('excused').getByText('予以容错').waitFor()
    await world.shot(profile, 'correction')
    axe.push(...(await violations(profile, 'a correction')))
  })
  await world.step('a department reads the sums of its own items, and nobody’s name', async () => {
    const office = await world.profile('department', 'console')
    const sums = new Console(office, server.url)
    await sums.open()
    await sums.signIn('medical@demo.test', password)
    await sums.go('funds')
    await sums.page.locator('[data-testid="funds-table"], [data-testid="list-empty"]').first().waitFor()
    await world.shot(office, 'funds')
    axe.push(...(await violations(office, 'funds')))
    expectEqual(await sums.at('nav-inspections').count(), 0, 'ways to inspections for a department')
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
