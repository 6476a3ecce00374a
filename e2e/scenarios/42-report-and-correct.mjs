// A status change says what it sets going, and it does; a visit that was sent is
// corrected by a supplement, not rewritten.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const detail = '查出重病，正在住院。'
const correction = '更正：当天见到的是户主的儿子。'

scenario('report', 'a report raises the warning that the form announced, and a sent visit takes a supplement', async (world) => {
  const server = await world.server({ households: 120 })
  const { household, members } = await server.household((story) =>
    story.warnings.length === 0 && story.visits.length > 0 && story.members.some((member) => member.alive !== false && member.health === 'healthy'))
  const ill = members.find((member) => member.alive !== false && member.health === 'healthy')
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  let announced = ''

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    await tablet.openHousehold(household)
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('a serious illness is reported; the form says what follows', async () => {
    await tablet.at('report-change').click()
    await world.shot(device, 'tiles')
    await tablet.at('kind-serious_illness').click()
    announced = await tablet.at('triggers').locator('li strong').first().innerText()
    await tablet.at('save-status').click()
    await tablet.at('status-form').locator('.fault').first().waitFor()
    await tablet.at(`status-member-${ill.id}`).click()
    await tablet.at('status-detail').fill(detail)
    await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
    await world.shot(device, 'triggers')
    await tablet.at('save-status').click()
    await tablet.page.locator('[data-testid="status-row"][data-pending="true"]').waitFor()
  })
  await world.step('the last visit is corrected by a supplement, offline', async () => {
    await tablet.at('visit-row').first().getByTestId('add-supplement').click()
    await tablet.at('supplement-text').fill(correction)
    await world.shot(device, 'supplement')
    await tablet.at('save-supplement').click()
    await tablet.at('household').waitFor()
    await tablet.expectText(tablet.at('visit-row').first(), correction)
    await tablet.at('visit-row').first().scrollIntoViewIfNeeded()
    await world.shot(device, 'supplemented')
  })
  await world.step('the server starts again: the warning is there, the visit is as it was', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('visits', ['applied'])
    const token = await server.token('town@demo.test')
    const story = await until('the warning at the town', async () => {
      const read = await server.call(`/api/console/v1/households/${household.id}`, { token })
      return read.warnings.length > 0 && read
    })
    expectEqual(story.warnings.map((warning) => [warning.title, warning.member]), [[announced, ill.id]], 'warnings raised')
    const visit = story.visits.find((known) => (known.supplements ?? []).some((item) => item.text === correction))
    expect(visit !== undefined, 'the supplement at the town')
  })
})
