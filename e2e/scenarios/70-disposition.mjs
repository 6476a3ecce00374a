// A town settles warnings at the desk (分类精细处置): one is sent to the village and
// comes to its tablet as a task, one is closed with its reason and opened again.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'

const asked = '请看看家里近况，药费从哪里出。'
const found = '已核实：住院费用已全部报销，生活没有困难。'

scenario('disposition', 'a town sends a warning to the village, closes another with its reason, and corrects itself', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.warnings.some((warning) => warning.state === 'open'))
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  const state = (name) => desk.at(`warnings-tab-${name}`)
  const pick = async (headName) => (await desk.untilRow('warning-item', headName)).first().click()

  await world.step('a warning is sent to the village, by keyboard', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('warnings')
    await pick(household.head_name)
    await desk.at('warning-steps').waitFor()
    await desk.page.keyboard.press('1')
    await desk.at('warning-reason').fill(asked)
    await world.shot(profile, 'verify')
    expectEqual(await violations(profile, 'the form of a step'), [], 'what axe finds')
    await desk.page.keyboard.press('Control+Enter')
    await desk.page.getByText('核实任务已派到').waitFor()
  })
  await world.step('the village has a task of it', () =>
    until('a task with what is asked', async () =>
      (await server.pulled('worker@demo.test')).some((change) => change.type === 'tasks' && change.record?.kind === 'verify' && change.record.detail?.includes(asked))))
  await world.step('it is settled without help, which needs a reason', async () => {
    await pick(household.head_name)
    await desk.at('warning-step-no_help').click()
    expect(await desk.at('warning-step-take').isDisabled(), 'nothing is closed without a reason')
    await desk.at('warning-reason').fill(found)
    await desk.at('warning-step-take').click()
    await desk.page.getByText('已登记').first().waitFor()
    await state('closed').click()
    await pick(household.head_name)
    await desk.at('warning-handled').filter({ hasText: found }).waitFor()
    await world.shot(profile, 'closed')
  })
  await world.step('and opened again, as an error', async () => {
    await desk.at('warning-step-reopen').click()
    await desk.at('warning-reason').fill('核对医院清单后发现还有自费药。')
    await desk.at('warning-step-take').click()
    await state('open').click()
    await desk.untilRow('warning-item', household.head_name)
    await world.shot(profile, 'again')
  })
})
