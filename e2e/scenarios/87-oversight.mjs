// 监督、公示、对接: the auditor reads who did what and checks that the logs are whole; the town
// prints what hangs on the wall; the county says how a department's system is told.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { published, wideness } from '../pages/office.mjs'

scenario('oversight', 'an auditor checks the logs, a town prints its notices, the county tells a department’s system', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2 && story.categories.some(({ category }) => category === 'marginal' || category === 'rigid_expense'))
  const profile = await world.profile('auditor', 'console')
  const desk = new Console(profile, server.url)
  const axe = []

  await world.step('an export of one’s own stands in the log', async () => {
    await desk.enter('auditor@demo.test', password)
    await desk.go('devices')
    await desk.at('export-open').click()
    const coming = desk.page.waitForEvent('download')
    await desk.at('export-csv').click()
    await coming
    await desk.go('audit')
    await desk.at('audit-line').first().waitFor()
    await desk.at('audit-exports').click()
    await until('the end of the export is in the list', async () => (await desk.page.locator('[data-action="list.exported"]').count()) === 1)
    expectEqual(new Set(await desk.at('audit-line').evaluateAll((all) => all.map((each) => each.dataset.action))), new Set(['list.export', 'list.exported']), 'deeds among the exports')
    expect(desk.page.url().includes('group=export'), 'the question stands in the address')
    await world.shot(profile, 'audit')
    axe.push(...(await violations(profile, 'the audit log')))
  })
  await world.step('the chain is checked, and says what it compared', async () => {
    await desk.at('chain-run').click()
    await desk.page.locator('[data-testid="chain-report"][data-intact="true"]').waitFor()
    await world.shot(profile, 'chain')
    axe.push(...(await violations(profile, 'the check')))
    await desk.at('audit-reset').click()
    await until('the check is in the log', async () => (await desk.page.locator('[data-action="audit.verify"]').count()) === 1)
  })
  await world.step('nothing is wider than a tablet laid on its side', async () => {
    await profile.page.setViewportSize({ width: 1180, height: 800 })
    expectEqual(await wideness(profile.page), 0, 'pixels too wide')
    await world.shot(profile, 'narrow')
  })
  await world.step('what hangs on the wall is printed, as a list and large, and objected to', async () => {
    await published(server, household)
    const town = await world.profile('town', 'console')
    const office = new Console(town, server.url)
    await office.enter('town@demo.test', password)
    await office.go('publicity')
    await (await office.untilRow('publicity-item', household.head_name)).first().click()
    await office.at('notice').waitFor()
    await world.shot(town, 'publicity')
    axe.push(...(await violations(town, 'publicity')))
    for (const [button, words] of [['publicity-print-list', '社会救助对象公示'], ['publicity-print-one', '村（社区）']]) {
      const opening = town.page.waitForEvent('popup')
      await office.at(button).click()
      const paper = await opening
      await paper.getByText(words).first().waitFor()
      await paper.locator('svg').first().waitFor() // the paper has its code
      expect(!(await paper.locator('body').innerText()).includes('看病'), 'the paper tells no reason')
      await paper.screenshot({ path: `e2e/out/${button}.png` })
      await paper.close()
    }
    await office.at('object-start').click()
    await office.at('object-text').fill('他家有一辆汽车')
    await office.at('object-send').click()
    await office.page.getByText('异议待核查').waitFor()
  })
  await world.step('a department’s system is told: a key that is shown once, then exchanged', async () => {
    const county = await world.profile('county', 'console')
    const office = new Console(county, server.url)
    await office.enter('county@demo.test', password)
    await office.go('webhooks')
    await office.page.locator('[data-testid="webhook-item"][data-key="medical"]').click()
    await office.at('webhook-url').fill('http://10.0.0.1/hook')
    await office.at('webhook-save').click()
    await office.at('webhook-failure').filter({ hasText: 'https' }).waitFor()
    await office.at('webhook-url').fill('http://127.0.0.1:9/hook')
    await office.at('webhook-save').click()
    await office.at('webhook-key-text').filter({ hasText: 'whsec_' }).waitFor()
    await world.shot(county, 'key')
    axe.push(...(await violations(county, 'a new key')))
    await office.at('webhook-kept').click()
    await office.at('webhook-rotate').click()
    await office.at('webhook-rotate-yes').click()
    await office.at('webhook-key-text').waitFor()
    await office.at('webhook-kept').click()
    await office.page.locator('[data-testid="webhook-keys"][data-keys="2"]').waitFor()
    await world.shot(county, 'webhooks')
    axe.push(...(await violations(county, 'webhooks')))
    await office.at('webhook-retire').click()
    await office.page.locator('[data-testid="webhook-keys"][data-keys="1"]').waitFor()
  })
  await world.step('a department hands in what it gave, and is told what is wrong, line by line', async () => {
    const medical = await world.profile('department', 'console')
    const office = new Console(medical, server.url)
    await office.open()
    await office.signIn('medical@demo.test', password)
    await office.go('delivered')
    await office.at('hand-in-file').setInputFiles({ name: '医疗救助.csv', mimeType: 'text/csv', buffer: Buffer.from('身份证号,救助事项,发放金额,发放日期\n11010519491231002X,医疗救助,10,2026-05-03\n11010519491231002X,教育救助,10,2026-05-03\n') })
    await office.at('hand-in-send').click()
    await office.at('hand-in-report').filter({ hasText: '共 2 行：记入 0 行' }).waitFor()
    await office.at('hand-in-fault').filter({ hasText: '不是本部门的救助事项' }).waitFor()
    await world.shot(medical, 'delivered')
    axe.push(...(await violations(medical, 'what a department gave')))
  })
  expectEqual(axe, [], 'what axe finds')
})
