// 一次申请、分类审核认定 on the screen: accepted, tested with its trace, what is missing
// answered, opined, published masked, objected to; the decision waits for its days.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'

const consents = ['honesty_1', 'verification_1', 'classify_1']

scenario('determination', 'an application is tested at the desk, question by question, and its opinion is published', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2 && story.categories.some(({ category }) => category === 'marginal' || category === 'rigid_expense'))
  const token = await server.token('town@demo.test')
  await server.call('/api/console/v1/applications', { token, method: 'POST', body: { household: household.id, way: 'assisted', consents, reason: '看病花光了积蓄' } })
  const profile = await world.profile('town', 'console')
  const desk = new Console(profile, server.url)
  const axe = []

  await world.step('it is accepted and tested', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('applications')
    await (await desk.untilRow('application-item', household.head_name)).first().click()
    await desk.at('application-accept').click()
    await desk.at('application-determine').click()
    await desk.at('trace').waitFor()
    await world.shot(profile, 'tested')
    axe.push(...(await violations(profile, 'tested')))
  })
  await world.step('what the test could not know is answered, until it says what holds', async () => {
    for (let round = 0; round < 6 && (await desk.at('trace').getAttribute('data-status')) === 'to_verify'; round++) {
      const questions = desk.at('questions')
      await questions.waitFor()
      for (const question of await questions.locator('[data-question]').all()) await answer(question)
      await desk.at('question-note').fill('核对报告第12号')
      if (round === 0) await world.shot(profile, 'questions')
      const before = await desk.at('trace').innerText()
      await desk.at('question-send').click()
      await desk.page.waitForFunction((text) => document.querySelector('[data-testid="trace"]')?.innerText !== text, before)
    }
    expect((await desk.at('trace').getAttribute('data-status')) !== 'to_verify', 'no question is left open')
    await world.shot(profile, 'answered')
  })
  await world.step('an opinion is entered, and published without what nobody needs to know', async () => {
    await desk.at('opinion-awards').selectOption('subsistence')
    await desk.at('opinion-reason').fill('一事一议：家庭刚性支出很大。')
    await desk.at('opinion-send').click()
    await desk.at('opinion').waitFor()
    await desk.at('posting-place').fill('村务公开栏')
    await desk.at('posting-amount').fill('320')
    await desk.at('posting-send').click()
    await desk.at('notice').waitFor()
    await world.shot(profile, 'published')
    axe.push(...(await violations(profile, 'published')))
    expect(!(await desk.at('notice').innerText()).includes('看病'), 'the notice tells no reason')
  })
  await world.step('an objection is entered and settled; before its days are over nobody approves', async () => {
    await desk.at('object-start').click()
    await desk.at('object-text').fill('他家有一辆汽车')
    await desk.at('object-send').click()
    await desk.at('settle-reason').fill('车管所查询：名下没有机动车。')
    await desk.at('settle-dismiss').click()
    await desk.page.getByText('车管所查询').waitFor()
    await desk.at('decide-approve').click()
    await desk.at('application-failure').waitFor()
    await world.shot(profile, 'waiting')
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})

/** Answers one question as a check of the family's circumstances would: nothing, none, no. */
async function answer(question) {
  const none = question.locator('[data-testid^="none-"]')
  if (await none.count()) return none.click()
  const radios = question.getByRole('radio')
  if (await radios.count()) return question.locator('label.el-radio').last().click()
  const number = question.locator('.el-input-number input')
  if (await number.count()) return number.fill('0')
  const select = question.locator('.el-select')
  if (await select.count()) {
    await select.click()
    await question.page().locator('.el-select-dropdown__item:visible').first().click()
    return
  }
  await question.locator('input').first().fill('1980-01-01')
  await question.locator('input').first().press('Enter')
}
