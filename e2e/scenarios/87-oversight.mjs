// 监督: the auditor reads who did what, finds the exports, and checks that the logs are whole.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { wideness } from '../pages/office.mjs'

scenario('oversight', 'an auditor finds who exported what, and checks the chain of the logs', async (world) => {
  const server = await world.server()
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
  expectEqual(axe, [], 'what axe finds')
})
