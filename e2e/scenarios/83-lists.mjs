// 大数据比对 on the screens: the data centre hands a list in whose headings nobody knows,
// a town says who is meant, the county sees where a warning came from, and takes it back.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Lists } from '../pages/lists.mjs'

const registered = ({ members, categories, warnings }) =>
  categories.length > 0 && members.filter((member) => member.id_kind === 'resident' && member.alive !== false).length >= 2 && !warnings.some(({ indicator, state }) => indicator === 'N3' && state === 'open')

scenario('lists', 'a list is laid by hand, compared, doubted, and withdrawn with what it caused', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household(registered)
  const [known, doubted] = members.filter((member) => member.id_kind === 'resident' && member.alive !== false)
  const [first, second] = [await server.numberOf(household, known), await server.numberOf(household, doubted)]
  const file = `机动车登记清单\n车主,证件,车牌\n${known.name},${first},鲁B7A001\n${doubted.name}佳,${second},鲁B7A002\n无名氏,37028119,鲁B7A003\n`
  const centre = new Lists(await world.profile('data', 'console'), server.url)
  const axe = []

  await world.step('the data centre has a desk of its own, and lays the columns by hand', async () => {
    await centre.enterQuietly('data@demo.test', password, 'sources')
    expectEqual(await centre.page.locator('[data-testid^="nav-"]').count(), 3, 'screens of the data centre: two for lists, and its own account')
    await centre.pickSource('机动车登记')
    await world.shot(centre.profile, 'sources')
    axe.push(...(await violations(centre.profile, 'sources')))
    await centre.chooseFile('车辆.csv', file)
    await centre.at('mapping').waitFor()
    expect(await centre.at('hand-in-send').isDisabled(), 'what is missing is said before anything is sent')
    await centre.lay({ name: '车主', id_number: '证件', plate: '车牌' })
    await world.shot(centre.profile, 'mapping')
    axe.push(...(await violations(centre.profile, 'mapping')))
  })
  await world.step('it is compared; the row that cannot be read is told with its reason', async () => {
    await centre.handIn('2026-11')
    await centre.at('bad-row').filter({ hasText: '证件' }).waitFor()
    await world.shot(centre.profile, 'batch')
    axe.push(...(await violations(centre.profile, 'batch')))
    const [download] = await Promise.all([centre.page.waitForEvent('download'), centre.at('bad-download').click()])
    expect(download.suggestedFilename().endsWith('.csv'), 'the rows can be downloaded')
  })
  await centre.profile.close()

  const town = new Lists(await world.profile('town', 'console'), server.url)
  await world.step('the town sees both sides of a doubt, and says that it is one person', async () => {
    await town.enter('town@demo.test', password)
    await town.go('results')
    await (await town.untilRow('result-item', `${doubted.name}佳`)).first().click()
    await town.at('sides').waitFor()
    await world.shot(town.profile, 'doubt')
    axe.push(...(await violations(town.profile, 'doubt')))
    await town.at('result-reason').fill('电话核实，曾用名。')
    await town.at('result-confirm').click()
    await town.page.getByText('已认定是同一人').waitFor()
  })
  await world.step('from a result it is one click to its warning, and to its household', async () => {
    await town.at('results-tab-standing').click()
    await (await town.untilRow('result-item', known.name)).first().click()
    await town.at('result-warnings').locator('a').first().waitFor()
    await world.shot(town.profile, 'result')
    axe.push(...(await violations(town.profile, 'result')))
    await town.at('result-warnings').locator('a').first().click()
    await town.at('warning-item').filter({ hasText: household.head_name }).first().waitFor()
  })
  await town.profile.close()

  const county = new Lists(await world.profile('county', 'console'), server.url)
  await world.step('the county withdraws the batch, told beforehand what that undoes', async () => {
    await county.enter('county@demo.test', password)
    await county.go('batches')
    await county.at('batch-item').filter({ hasText: '机动车登记' }).first().click()
    await county.at('batch-withdraw').click()
    await county.at('reason-text').fill('文件发错了')
    await world.shot(county.profile, 'withdraw')
    axe.push(...(await violations(county.profile, 'withdraw')))
    await county.at('reason-submit').click()
    await county.page.locator('[data-testid="batch-state"][data-state="withdrawn"]').waitFor()
    const token = await server.token('town@demo.test')
    await until('the warning that rested on it alone is closed', async () => {
      const { warnings } = await server.call(`/api/console/v1/households/${household.id}`, { token })
      return warnings.some(({ indicator, state }) => indicator === 'N3' && state === 'unconfirmed')
    })
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
