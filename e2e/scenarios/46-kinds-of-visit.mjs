// A verification answers its task with what was found; an investigation is made by two
// of the town's staff, who are named.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const finding = '住院票据已看，自付 6200 元属实。'
const open = (task) => task.kind === 'verify' && (task.state ?? 'open') === 'open'

scenario('kinds', 'a verification closes its task, and an investigation names two of the staff', async (world) => {
  const server = await world.server({ households: 120 })
  const { household, tasks } = await server.household((story) => (story.tasks ?? []).some(open))
  const task = tasks.find(open)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('sign in as the village worker', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    await tablet.openHousehold(household)
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('the task is answered by going there', async () => {
    const row = tablet.page.locator(`[data-testid="task-row"][data-id="${task.id}"]`)
    await row.locator('button').first().click()
    await row.getByTestId('task-visit').click()
    await tablet.page.locator('[data-testid="visit-kind-verification"][aria-checked="true"]').waitFor()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(finding)
    await world.shot(device, 'verification')
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await row.waitFor({ state: 'detached' })
  })
  await world.step('the server starts again: the task is done, with the finding', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('tasks', ['applied'])
    const story = await server.call(`/api/console/v1/households/${household.id}`, { token: await server.token('town@demo.test') })
    const done = story.tasks.find((known) => known.id === task.id)
    expectEqual([done.state, done.result], ['done', finding], 'the task at the town')
    expectEqual(story.visits.find((visit) => visit.conclusion === finding)?.task, task.id, 'the task that the visit answers')
  })
  await world.step('an investigation by the town wants a second name', async () => {
    const desk = await world.profile('town', 'tablet')
    const town = new Tablet(desk, server.url)
    await town.signInAndSync('town@demo.test', password)
    await town.openHousehold(household)
    await town.at('start-visit').click()
    await town.at('visit-kind-investigation').click()
    await town.at('no-change').click()
    await town.at('save-visit').click()
    await town.expectText(town.at('visit-form'), '2 位调查人员')
    await town.at('visitor-2').fill('王立新')
    await world.shot(desk, 'investigation')
    await town.at('save-visit').click()
    await town.at('household').waitFor()
    await town.tab('sync')
    await town.untilSynced()
    await town.expectOutcomes('visits', ['applied'])
  })
})
