// Help that begins with no application: a lead about somebody who is in no register goes to
// the village's tablet and is answered; help comes before the papers; charity meets a need.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, until } from '../fixture/until.mjs'
import { Files } from '../pages/casework.mjs'
import { Console } from '../pages/console.mjs'

scenario('help', 'a lead is sent to the village and answered; help comes first, its papers later; an offer of charity reaches a household', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2 && story.categories.some((held) => !held.to && !held.member && held.category === 'subsistence'))
  const profile = await world.profile('town', 'console')
  const desk = new Console(profile, server.url)
  const files = new Files(desk)
  const axe = []

  await world.step('a lead about somebody who is in no register is taken down', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('leads')
    await files.start('leads')
    await files.send('new')
    await desk.at('new-missing').waitFor()
    await files.fill('new', { channel: 'grid', urgency: 'urgent', text: '老人独居，房屋漏雨，几天没有出门。', 'about.name': '匡大有', 'about.address': '村西第三户', 'reporter.name': '网格员' })
    await world.shot(profile, 'new-lead')
    axe.push(...(await violations(profile, 'a new lead')))
    await files.send('new')
    await desk.at('lead-detail').waitFor()
  })
  await world.step('it is sent to the village, where nobody reads who told', async () => {
    await desk.at('step-dispatch').click()
    await files.fill('step', { 'region-village': household.region, reason: '请今天就去看看' })
    await world.shot(profile, 'dispatch')
    axe.push(...(await violations(profile, 'dispatch')))
    await files.send('step')
    await files.stands('dispatched')
    const [task] = await until('the task on the tablet', async () => {
      const tasks = (await server.pulled('worker@demo.test')).filter((change) => change.type === 'tasks' && change.record?.detail?.includes('房屋漏雨'))
      return tasks.length > 0 && tasks
    })
    expect(!JSON.stringify(task).includes('网格员'), 'the village is not told by whom')
  })
  await world.step('it is called back and answered', async () => {
    await files.step('recall', { reason: '家属已经接走' }, 'received')
    await files.step('answer', { conclusion: 'explained', reply: 'phone', text: '已向您说明政策，老人由家属接走照料。' })
    await desk.at('leads-tab-closed').click()
    await (await desk.untilRow('leads-item', '匡大有')).first().click()
    await files.stands('answered')
    await world.shot(profile, 'answered')
    axe.push(...(await violations(profile, 'answered')))
  })
  await world.step('help is given first; the last paper completes it', async () => {
    await desk.go('urgent')
    await files.start('urgent')
    await files.household('new', 'household', household.head_name)
    await files.fill('new', { emergency: 'fire', item: 'temporary_aid', amount: 500, text: '昨夜起火，衣被烧毁。', missing: ['救助申请', '经办意见'] })
    await world.shot(profile, 'urgent-new')
    axe.push(...(await violations(profile, 'help first')))
    await files.send('new')
    await desk.page.locator('[data-testid="new-again"], [data-testid="urgent-detail"]').first().waitFor()
    if (await desk.at('new-again').count()) {
      await desk.at('new-again').check()
      await files.send('new')
    }
    await files.stands('given')
    await files.step('file', { papers: ['救助申请'] }, 'given')
    await desk.at('papers').getByText('已补').waitFor()
    await world.shot(profile, 'urgent')
    axe.push(...(await violations(profile, 'papers')))
    await files.step('file', { papers: ['经办意见'] })
  })
  await world.step('an offer of charity is matched to a need, accepted by both and delivered', async () => {
    await desk.go('charity')
    await desk.at('charity-tab-offers').click()
    await files.start('charity')
    await files.fill('new', { giver: '胶州市慈善总会', title: '冬日暖衣', needs: ['生活物资'], cases: 20, from: '2026-01-01' })
    await files.send('new')
    await desk.at('offer-detail').waitFor()
    await world.shot(profile, 'offer')
    axe.push(...(await violations(profile, 'an offer')))
    await desk.at('charity-tab-open').click()
    await files.start('charity')
    await files.household('new', 'household', household.head_name)
    await files.fill('new', { need: 'goods', text: '过冬衣被', consent: true })
    await files.send('new')
    await files.stands('open')
    await desk.at('fits').getByText('冬日暖衣').waitFor()
    await desk.at('step-propose').click()
    await desk.at('step-offer').selectOption({ index: 1 })
    await world.shot(profile, 'propose')
    axe.push(...(await violations(profile, 'a need')))
    await files.send('step')
    await files.stands('proposed')
    await files.step('accept', { giver: true, family: true }, 'accepted')
    await desk.at('step-deliver').click()
    if (await desk.at('step-seen').count()) await desk.at('step-seen').check()
    await files.fill('step', { amount: 300 })
    await files.send('step')
    await desk.at('charity-tab-closed').click()
    await (await desk.untilRow('charity-item', household.head_name)).first().click()
    await files.stands('delivered')
    await world.shot(profile, 'delivered')
  })
  await world.step('both stand in the one chain of help', async () => {
    await desk.page.getByRole('link', { name: household.head_name, exact: true }).first().click()
    await desk.at('chain-item').filter({ hasText: '慈善帮扶' }).first().waitFor()
    await desk.at('chain-item').filter({ hasText: '临时救助' }).first().waitFor()
  })
  await world.step('what is begun on a household\'s page says whose it is, by name and village, and by no id', async () => {
    const page = desk.page.url()
    const village = (await desk.at('fact-registered_region').innerText()).split('\n').pop().trim()
    expect(!/[0-9]{6}/.test(village), `户籍地 is said by its name, not as ${village}`)
    for (const screen of ['urgent', 'charity', 'deliberations']) {
      await desk.page.goto(page)
      await desk.at(`household-${screen}`).click()
      const said = desk.at(screen === 'deliberations' ? 'deliberations-about' : 'new-household')
      const text = await until(`the household of ${screen}`, async () => {
        const now = await said.innerText()
        expect(!now.includes(household.id), `${screen} shows an id`)
        return now.includes(household.head_name) && now
      })
      expect(text.includes(' · '), `${screen} says the village too: ${text}`)
      await world.shot(profile, `from-page-${screen}`)
    }
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
