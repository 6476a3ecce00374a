// 一事一议: a warning is brought before a meeting; its minutes are signed by each, on two
// desks and on paper, and from then on added to only.
import { violations } from '../fixture/axe.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Files } from '../pages/casework.mjs'
import { Console } from '../pages/console.mjs'

scenario('deliberation', 'a meeting is held over a warning, signed by town, county and on paper, and only added to', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.warnings.some((warning) => warning.state === 'open'))
  const people = (await server.call('/api/console/v1/deliberations/options', { token: await server.token('town@demo.test') })).people
  const accountOf = (name) => people.find((each) => name.endsWith(each.name) || each.name.endsWith(name)).account
  const town = await world.profile('town', 'console')
  const desk = new Console(town, server.url)
  const files = new Files(desk)
  const axe = []

  await world.step('the warning is brought before a meeting', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('warnings')
    await (await desk.untilRow('warning-item', household.head_name)).first().click()
    await desk.at('warning-step-deliberate').click()
    await desk.at('warning-reason').fill('家庭情形复杂，集体研究。')
    await desk.at('warning-step-take').click()
    await desk.at('warnings-tab-away').click()
    await (await desk.untilRow('warning-item', household.head_name)).first().click()
    await desk.at('warning-meeting').click()
  })
  await world.step('the minutes are entered whole', async () => {
    await desk.at('new').waitFor()
    await desk.at('new-warning').waitFor()
    await files.fill('new', { subject: '是否给予临时救助', held_on: chinaDay(Date.now() - 86_400_000), place: '镇民政办会议室', minutes: '会上看了材料，讨论了刚性支出，认为生活确有困难。', decision: 'agree' })
    await files.send('new')
    await desk.at('new-failure').waitFor()
    const name = await desk.at('account-name').innerText()
    const seats = [{ account: accountOf(name) }, { account: accountOf('韩立新') }, { name: '村主任' }]
    for (const [at, seat] of seats.entries()) {
      await files.fill(`seat-${at}`, { ...seat, unit: '参会单位', stance: at === 2 ? 'abstain' : 'agree', opinion: '生活确有困难' })
    }
    await world.shot(town, 'minutes')
    axe.push(...(await violations(town, 'minutes')))
    await files.send('new')
    await desk.at('deliberation-detail').waitFor()
  })
  await world.step('the town signs, and enters who signed on paper', async () => {
    await desk.at('sign-mine').click()
    await desk.at('sign-mine').waitFor({ state: 'detached' })
    await desk.at('sign-paper').click()
    await desk.at('sign-paper').waitFor({ state: 'detached' })
    await world.shot(town, 'signing')
    axe.push(...(await violations(town, 'signing')))
    const [sheet] = await Promise.all([town.page.context().waitForEvent('page'), desk.at('meeting-print').click()])
    await sheet.getByRole('heading', { name: '一事一议会议记录' }).waitFor()
    expect((await sheet.content()).includes('账号签字'), 'the sheet says who signed')
    await sheet.close()
  })
  await world.step('the county signs last: nobody changes it any more', async () => {
    const county = await world.profile('county', 'console')
    const above = new Console(county, server.url)
    await above.enter('county@demo.test', password)
    await above.go('deliberations')
    await (await above.untilRow('deliberations-item', household.head_name)).first().click()
    await above.at('sign-mine').click()
    await above.page.getByText('已签字', { exact: false }).first().waitFor()
    await above.at('deliberations-tab-signed').click()
    await (await above.untilRow('deliberations-item', household.head_name)).first().click()
    await above.page.locator('[data-testid="meeting-state"][data-state="signed"]').waitFor()
    expectEqual(await above.at('meeting-void').count(), 0, 'ways to undo what is signed')
    await above.at('meeting-supplement').click()
    await above.at('reason-text').fill('补充：医院证明已收齐。')
    await above.at('reason-submit').click()
    await above.at('supplements').getByText('医院证明已收齐').waitFor()
    await world.shot(county, 'signed')
    axe.push(...(await violations(county, 'signed')))
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
