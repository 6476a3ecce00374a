// 账号、地区、首次导入: a town makes its worker's account and hands over a slip; the county
// merges a village, and loads a list of people after it was looked through.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Lists } from '../pages/lists.mjs'

const login = '13900002222'

scenario('administration', 'accounts, divisions and first loads are kept at the desk', async (world) => {
  const server = await world.server()
  const axe = []
  const town = new Lists(await world.profile('town', 'console'), server.url)
  await world.step('the town makes an account, whose passphrase is shown once on a slip that opens', async () => {
    await town.enter('town@demo.test', password)
    await town.go('accounts')
    await town.at('account-row').first().waitFor()
    await world.shot(town.profile, 'accounts')
    axe.push(...(await violations(town.profile, 'accounts')))
    await town.at('account-add').click()
    await town.at('account-name-field').fill('新村工')
    await town.at('account-login').fill(login)
    await town.at('account-office').selectOption({ index: 1 })
    await world.shot(town.profile, 'account-form')
    axe.push(...(await violations(town.profile, 'account form')))
    await town.at('account-save').click()
    const passphrase = await town.at('slip-passphrase').innerText()
    await world.shot(town.profile, 'slip')
    axe.push(...(await violations(town.profile, 'slip')))
    await town.at('slips-close').click()
    await town.page.locator(`[data-login="${login}"]`).waitFor()
    const { record } = await server.call('/api/collections/users/auth-with-password', { method: 'POST', body: { identity: login, password: passphrase } })
    expectEqual(record.role, 'worker', 'the role of who signs in with the slip')
    expect(!(await town.page.content()).includes(passphrase), 'a closed slip is nowhere')
  })
  await town.profile.close()

  const county = new Lists(await world.profile('county', 'console'), server.url)
  const row = (code) => county.page.locator(`[data-testid="village-row"][data-code="${code}"]`)
  await world.step('the county merges a village, told beforehand what follows', async () => {
    await county.enter('county@demo.test', password)
    await county.go('regions')
    await county.at('village-row').first().waitFor()
    await world.shot(county.profile, 'regions')
    axe.push(...(await violations(county.profile, 'regions')))
    const code = await county.at('village-row').first().getAttribute('data-code')
    const into = await county.at('village-row').nth(1).getAttribute('data-code')
    await row(code).getByTestId('village-merge').click()
    await county.at('region-into').selectOption(into)
    await county.at('region-reason').fill('胶政字〔2026〕1号')
    await world.shot(county.profile, 'merge')
    axe.push(...(await violations(county.profile, 'merge')))
    await county.at('region-send').click()
    await row(code).filter({ hasText: '已合并' }).waitFor()
    await row(code).getByTestId('village-history').click()
    await county.at('region-history').filter({ hasText: '胶政字' }).waitFor()
  })
  await world.step('a list of people is looked through, corrected, loaded, and taken back', async () => {
    await county.go('loads')
    const head = '家庭编号,户主姓名,村,姓名,身份证号\n'
    const choose = (rows) => county.at('load-file-input').setInputFiles({ name: '花名册.csv', mimeType: 'text/csv', buffer: Buffer.from(head + rows) })
    await choose('E2E1,路人,没有这个村,路人,11010519491231002X\n')
    await county.at('load-fault').first().waitFor()
    expect(await county.at('load-send').isDisabled(), 'nothing is loaded while a row is wrong')
    await world.shot(county.profile, 'load-faults')
    axe.push(...(await violations(county.profile, 'load faults')))
    await choose('E2E1,路人,370281102220,路人,11010519491231002X\n')
    await county.at('load-dry').waitFor()
    await county.page.waitForFunction(() => !document.querySelector('[data-testid="load-send"]')?.disabled && document.querySelectorAll('[data-testid="load-fault"]').length === 0)
    await county.at('load-send').click()
    await county.at('load-done').waitFor()
    await world.shot(county.profile, 'loaded')
    axe.push(...(await violations(county.profile, 'loaded')))
    await county.at('load-withdraw').first().click()
    await county.at('reason-text').fill('文件发错了')
    await county.at('reason-submit').click()
    await county.at('load-row').first().filter({ hasText: '已撤回' }).waitFor()
  })
  await world.step('accounts come as a file, without a passphrase in it', async () => {
    await county.at('load-kind').selectOption('accounts')
    const rows = '登录名,姓名,角色,所属地区\n15400000001,路人甲,村(社区)工作人员,370281102200\n'
    await county.at('load-file-input').setInputFiles({ name: '账号.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
    await county.at('load-dry').waitFor()
    await county.page.waitForFunction(() => !document.querySelector('[data-testid="load-send"]')?.disabled)
    await county.at('load-send').click()
    await county.at('load-done').waitFor()
    await world.shot(county.profile, 'accounts-loaded')
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
