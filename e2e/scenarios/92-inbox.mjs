// The town's morning: what came in by other ways stands in the day's list with what to do
// and by when; and the tablets, who needs a call first.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { wideness } from '../pages/office.mjs'

const CONSOLE = '/api/console/v1'
const SYNC = '/api/sync/v1'
const uuid = () => {
  const hex = Date.now().toString(16).padStart(12, '0') + '7' + crypto.randomUUID().replaceAll('-', '').slice(13)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const says = (place, words) => until(words, async () => (await place.count()) > 0 && (await place.innerText()).includes(words))

scenario('inbox', 'leads, help before its papers and applications stand in the day by urgency; the office sees what lies on a tablet', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2)
  const town = await server.token('town@demo.test')
  const post = (path, body) => server.call(CONSOLE + path, { token: town, method: 'POST', body })
  await post('/leads', { id: uuid(), channel: 'hotline_12345', urgency: 'urgent', about: { name: '匡老人', region: household.region }, text: '邻居反映独居老人摔伤，家里没人。' })
  await post('/urgent-aid', { id: uuid(), household: household.id, emergency: 'fire', text: '灶间着火，衣被烧毁。', item: 'temporary_aid', amount: 500, missing: ['identity', 'opinion'], again: true })
  await post('/applications', { household: household.id, way: 'own', consents: ['honesty_1', 'verification_1', 'classify_1'], reason: '住院花光了积蓄。' })
  const worker = await server.token('worker@demo.test')
  const { device } = await server.call(`${SYNC}/devices`, { token: worker, method: 'POST', body: { name: '村里的平板', platform: 'Android 13', app: '0.1.0' } })
  await server.call(`${SYNC}/pull?device=${device}&waiting=3&photos=5&app=0.2.0&clock=${new Date().toISOString()}`, { token: worker })
  const profile = await world.profile('town', 'console')
  const desk = new Console(profile, server.url)
  const axe = []
  const row = (kind) => desk.page.locator(`[data-testid="today-item"][data-kind="${kind}"]`).first()

  await world.step('each stands in the one list, with what to do and by when', async () => {
    await desk.enter('town@demo.test', password)
    for (const [kind, words] of [['lead', '派人核实'], ['urgent', '身份证明、经办意见'], ['application', '决定是否受理']]) {
      await says(row(kind), words)
      expect(/\d{4}-\d\d-\d\d/.test(await row(kind).innerText()), `${kind} has its day`)
    }
    expectEqual(await row('lead').getAttribute('data-urgency'), '0', 'an urgent lead is dealt with at once')
    await world.picture(profile, 'console-today.png')
    axe.push(...(await violations(profile, 'the day')))
    await row('urgent').locator('[data-testid="today-link"]').click()
    await desk.page.waitForURL(/\/urgent\//)
    await desk.at('back-to-today').click()
  })
  await world.step('an application says by when it is accepted', async () => {
    await row('application').locator('[data-testid="today-link"]').click()
    await says(desk.at('application-due'), '受理期限')
    await world.shot(profile, 'application')
  })
  await world.step('the tablets: what lies on one, and who was not heard of for a week', async () => {
    await desk.go('devices')
    const mine = desk.page.locator(`[data-testid="device-row"][data-device="${device}"]`)
    await says(mine, '3 项改动、5 张照片')
    await says(mine, '0.2.0')
    await world.shot(profile, 'devices')
    axe.push(...(await violations(profile, 'the tablets')))
    expectEqual(await wideness(desk.page), 0, 'pixels over the side')
  })
  await world.step('the console speaks English, remembers it, and Chinese again', async () => {
    await desk.at('language').click()
    await says(desk.at('nav-devices'), 'Tablets')
    await desk.page.reload()
    await says(desk.page.locator(`[data-testid="device-row"][data-device="${device}"]`), '3 changes, 5 photos')
    await desk.go('today')
    await says(row('lead'), 'Send somebody to look')
    await world.shot(profile, 'english')
    axe.push(...(await violations(profile, 'the day in English')))
    expectEqual(await wideness(desk.page), 0, 'pixels over the side')
    await desk.at('language').click()
    await says(desk.at('nav-devices'), '设备')
  })
  expectEqual(axe, [], 'what axe finds')
})
