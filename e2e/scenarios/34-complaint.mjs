// A complaint handed in where there is no server reaches the town, is answered at the
// desk, and the answer comes back to the tablet; a colleague never sees it.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const words = '村口路灯坏了两个月，老人晚上出门不安全。'
const answer = '已联系供电所，本周内修好。'

scenario('complaint', 'a complaint made without a server is answered by the town, and no colleague sees it', async (world) => {
  const server = await world.server({ households: 120 })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  await world.step('sign in, sync, and the server is killed', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
  })
  await world.step('a complaint without a household is written down', async () => {
    await tablet.tab('me')
    await tablet.at('me-complaints').click()
    await tablet.at('new-complaint').click()
    await tablet.at('save-complaint').click()
    await tablet.page.getByRole('alert').first().waitFor()
    await tablet.at('complaint-kind-report').click()
    await tablet.at('complaint-text').fill(words)
    await world.shot(device, 'form')
    await tablet.at('save-complaint').click()
    await tablet.page.locator('[data-testid="complaint-row"][data-pending="true"]').waitFor()
    await world.shot(device, 'waiting')
  })
  await world.step('the server is back: the town reads and answers it', async () => {
    await server.start()
    await tablet.page.locator('[data-testid="complaint-row"][data-pending="false"]').waitFor({ timeout: 90_000 })
    const profile = await world.profile('console', 'console')
    const desk = new Console(profile, server.url)
    await desk.enter('town@demo.test', password)
    await desk.go('complaints')
    const row = desk.at('complaint-item').filter({ hasText: words })
    await row.waitFor()
    await row.getByTestId('complaint-answer-text').fill(answer)
    await world.shot(profile, 'desk')
    await row.getByTestId('complaint-answer').click()
    await until('the list without it', async () => (await row.count()) === 0)
  })
  await world.step('the answer comes back, and the colleague has nothing of it', async () => {
    await tablet.at('complaint-answer').waitFor({ timeout: 90_000 })
    await tablet.expectText(tablet.at('complaint-answer'), answer)
    await world.shot(device, 'answered')
    const seen = await server.pulled('worker2@demo.test')
    expect(seen.length > 100, `the colleague pulls the village, ${seen.length} changes`)
    expectEqual(seen.filter((change) => change.type === 'complaints').length, 0, 'complaints that the colleague pulls')
  })
})
