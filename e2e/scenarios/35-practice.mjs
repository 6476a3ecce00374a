// The practice village: entered from the sign-in with no server at all, everything
// works as in earnest, nothing leaves, and what is real comes back untouched.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

async function practise(tablet) {
  await tablet.at('practice-band').waitFor()
  await tablet.at('stop').first().click()
  await tablet.at('start-visit').click()
  await tablet.at('visit-form').waitFor()
  await tablet.at('no-change').click()
  await tablet.at('save-visit').click()
  await tablet.page.locator('[data-testid="visit-row"][data-pending="true"]').waitFor()
  await tablet.at('report-change').click()
  await tablet.at('kind-disaster').click()
  await tablet.at('save-status').click()
  await tablet.at('household-changes').waitFor()
}

scenario('practice', 'the practice village works as in earnest, never syncs, and leaves what is real alone', async (world) => {
  const server = await world.server({ households: 60 })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const sent = []
  await world.step('the app is installed, nobody signs in, and the server is killed', async () => {
    await tablet.open()
    await tablet.at('signin-submit').waitFor()
    await tablet.untilInstalled()
    await server.kill()
    tablet.page.on('request', (request) => request.url().includes('/api/') && sent.push(request.url()))
  })
  await world.step('practice begins from the sign-in, a visit and a report are made', async () => {
    await world.shot(device, 'sign-in')
    await tablet.at('practice-start').click()
    await tablet.at('stop').first().waitFor()
    await world.shot(device, 'today')
    await practise(tablet)
    await world.shot(device, 'household')
  })
  await world.step('the band stands on every screen', async () => {
    for (const tab of ['today', 'households', 'sync', 'me']) {
      await tablet.tab(tab)
      expect(await tablet.at('practice-band').isVisible(), `the band stands on ${tab}`)
    }
    await world.shot(device, 'me')
  })
  await world.step('it begins anew, and ends', async () => {
    await tablet.at('practice-start').click()
    await tablet.at('confirm-yes').click()
    await tablet.at('stop').first().click()
    await tablet.at('household').waitFor()
    expectEqual(await tablet.page.locator('[data-testid="visit-row"][data-pending="true"]').count(), 0, 'visits of the first round')
    await tablet.at('practice-end').click()
    await tablet.at('confirm-yes').click()
    await tablet.at('signin-submit').waitFor()
    await until('the practice database gone', async () => !(await tablet.page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name))).includes('doorstep-practice'))
    expectEqual(sent, [], 'requests to the API while practising')
  })
  await world.step('practice while signed in: nothing of it reaches the server, the real village comes back', async () => {
    await server.start()
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.tab('me')
    await tablet.at('practice-start').click()
    await tablet.at('today-plan').waitFor()
    await practise(tablet)
    await tablet.at('practice-end').click()
    await tablet.at('confirm-yes').click()
    await tablet.at('unlock-passphrase').waitFor() // what is real was locked meanwhile
    await tablet.unlockIfLocked()
    await tablet.tab('sync')
    await tablet.untilSynced()
    const token = await server.token('town@demo.test')
    const { items } = await server.call('/api/sync/v1/reviews?state=open', { token })
    expectEqual(items.length, 0, 'entries that wait for the town')
    await tablet.tab('households')
    await tablet.at('household-row').first().waitFor()
    expect(!(await tablet.at('practice-band').isVisible()), 'no band over what is real')
  })
})
