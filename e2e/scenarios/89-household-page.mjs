// One household on one page at the desk: who changed what and what became of it, numbers
// in full only for a purpose, what offices do for it, where it was visited, and on paper.
import { violations } from '../fixture/axe.mjs'
import { Pusher } from '../fixture/pusher.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Desk } from '../pages/desk.mjs'

const hour = 3_600_000
const around = ({ place }, north, east) => ({ lat: place.lat + north / 111_320, lng: place.lng + east / 89_800, accuracy: 12 })

/** An income that was confirmed, one that was given back, and one that waits; a visit and photos with their places. */
async function life(server, { household, visits }) {
  const worker = await Pusher.of(server, 'worker@demo.test', { fastMillis: 3 * hour })
  const town = await server.token('town@demo.test')
  const decide = (op, tail, body) => server.call(`/api/sync/v1/reviews/${op}/${tail}`, { token: town, method: 'POST', body })
  const income = household.monthly_income
  const [accepted] = await worker.push([worker.patch('households', household, { monthly_income: income + 200 }, { monthly_income: income })])
  await decide(accepted.id, 'accept', {})
  const [returned] = await worker.push([worker.patch('households', household, { monthly_income: 98765 }, { monthly_income: income + 200 })])
  await decide(returned.id, 'return', { reason: '数值与佐证材料不一致，请核对。' })
  const visit = Pusher.id()
  await worker.push([
    worker.create('visits', { household: household.id, kind: 'routine', visited_on: chinaDay(), outcome: 'met', conclusion: '老人精神较好，屋顶已修缮。', place: around(household, 12, -20) }, visit),
    worker.create('photos', { owner_type: 'visits', owner: visit, sha256: 'ab'.repeat(32), taken_at: new Date().toISOString(), caption: '屋顶', place: around(household, 40, 35) }),
    worker.create('photos', { owner_type: 'visits', owner: visits[0].id, sha256: 'cd'.repeat(32), taken_at: new Date().toISOString(), place: around(household, -70, 10) }),
  ])
  const ask = (path, body) => server.call(`/api/console/v1${path}`, { token: town, method: 'POST', body: { id: Pusher.id(), household: household.id, ...body } })
  await ask('/leads', { channel: 'hotline_12345', urgency: 'ordinary', text: '邻居反映冬季取暖困难。', reporter: { name: '热心人', phone: '13311112222' }, about: {} })
  await ask('/corrections', { concerned_name: '王某', error: '漏登了残疾等级', cause: '证件换发，编号变了', source: 'self', occurred_on: '2026-09-01', found_on: '2026-10-01', corrected_on: '2026-10-08', correction: '已补登并补发' })
}

scenario('household-page', 'a household’s page tells who changed what, shows a number for a purpose, and is printed with who and when', async (world) => {
  const server = await world.server()
  const story = await server.household(({ household, members, visits, photos }) => household.monthly_income > 500 && household.place && photos.length > 0 && visits.length > 2 && members.filter((each) => each.id_number?.length === 18).length > 1)
  const { household, members } = story
  expect(members.every((each) => !each.id_number || each.id_number.includes('*')), 'no number in full is answered with the household')
  await life(server, story)
  const profile = await world.profile('console', 'console')
  const desk = new Desk(profile, server.url)
  const axe = []

  await world.step('the story stands on one page, with what offices do', async () => {
    await desk.enter('town@demo.test', password)
    await desk.openHousehold(household)
    await desk.at('place-sketch').waitFor()
    expectEqual(new Set(await desk.at('household-file').evaluateAll((all) => all.map((each) => each.dataset.screen))), new Set(['leads', 'corrections']), 'screens with something of the household')
    await world.shot(profile, 'page')
    await desk.at('place-sketch').scrollIntoViewIfNeeded()
    await world.shot(profile, 'places')
    axe.push(...(await violations(profile, 'the page')))
    await profile.page.setViewportSize({ width: 1180, height: 800 })
    expect(await profile.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing hangs over the side')
    await profile.page.setViewportSize({ width: 1440, height: 1000 })
  })
  await world.step('a click on a field tells its history', async () => {
    await desk.at('history-of-monthly_income').first().click()
    await until('what became of three changes', async () => {
      const became = await desk.at('field-change').evaluateAll((all) => all.map((each) => each.dataset.became))
      return ['applied', 'returned', 'applied'].every((each, at) => became[at] === each) || Promise.reject(new Error(became.join()))
    })
    const words = await desk.at('field-history').innerText()
    for (const said of ['98,765', '请核对', '确认', '退回', '王庄一号平板', '实际时间', '设备显示']) expect(words.includes(said), `${said} in ${words}`)
    await world.shot(profile, 'history')
    axe.push(...(await violations(profile, 'a history')))
    await desk.page.keyboard.press('Escape')
    await desk.at('field-history').waitFor({ state: 'detached' })
    expect(await desk.at('household-page').isVisible(), 'Escape closes the history alone')
  })
  await world.step('a number is shown whole for a purpose, and the log has it', async () => {
    const member = members.find((each) => each.id_number?.length === 18)
    const number = await server.numberOf(household, member)
    const row = desk.page.locator(`[data-testid="member-row"][data-member="${member.id}"]`)
    expect(!(await desk.at('household-page').innerText()).includes(number), 'the number is masked')
    await row.getByTestId('reveal').focus()
    await desk.page.keyboard.press('Enter')
    await row.getByTestId('reveal-for-application').waitFor()
    await world.shot(profile, 'purpose')
    axe.push(...(await violations(profile, 'a purpose')))
    await desk.page.keyboard.press('Tab')
    await desk.page.keyboard.press('Tab')
    await desk.page.keyboard.press('Enter')
    await row.getByText(number).waitFor()
    const { items } = await server.call(`/api/console/v1/audit?household=${household.id}&group=read`, { token: await server.token('auditor@demo.test') })
    expect(items.some((line) => line.action === 'household.reveal' && line.detail.includes('办理申请和认定') && !line.detail.includes(number)), 'the log says what for, and not the number')
    await row.getByTestId('reveal-hide').click()
    expect(!(await desk.at('household-page').innerText()).includes(number), 'it is masked again')
  })
  await world.step('it is printed with who and when', async () => {
    const [sheet] = await Promise.all([profile.page.context().waitForEvent('page'), desk.at('household-print').click()])
    await sheet.getByRole('heading', { name: '家庭情况表' }).waitFor()
    const text = await sheet.innerText('body')
    expect(/打印：匡文静 镇\(街道\)经办人员 \d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text) && text.includes('屋顶已修缮') && text.includes('**'), `the sheet: ${text}`)
    expectEqual(await sheet.locator('td').first().evaluate((cell) => getComputedStyle(cell).borderTopStyle), 'solid', 'lines of the sheet: its style is let in')
    await sheet.emulateMedia({ media: 'print' })
    await sheet.screenshot({ path: `${(await world.shot(profile, 'sheet')).replace(/\.png$/, '')}-paper.png`, fullPage: true })
    await sheet.close()
  })
  await world.step('a line leads to its screen, and back', async () => {
    await desk.page.locator('[data-testid="household-file"][data-screen="leads"]').click()
    await desk.page.locator('[data-testid="nav-leads"][aria-current="page"]').waitFor()
    await desk.page.getByText('邻居反映冬季取暖困难').first().waitFor()
    await desk.page.goBack()
    await desk.at('household-page').waitFor()
  })
  expectEqual(axe, [], 'what axe finds')
})
