// Seven days without the server: the records are out of reach until a sign-in, and
// nothing is lost.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect } from '../fixture/until.mjs'
import { passphrase, Tablet } from '../pages/tablet.mjs'

const dayMillis = 24 * 3600 * 1000

scenario('lease', 'after seven days without the server the tablet asks for a sign-in, and keeps everything', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 1000)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('a worker signs in, the server is killed, an edit is made', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    await tablet.openHousehold(household)
    await tablet.editHousehold({ monthly_income: household.monthly_income + 77 })
  })
  await world.step('six days later it still opens, eight days later it does not', async () => {
    for (const days of [6, 8]) {
      await device.close()
      await device.open()
      await tablet.page.clock.setFixedTime(Date.now() + days * dayMillis)
      await tablet.page.goto(server.url)
      await tablet.unlock(passphrase)
      if (days === 6) await tablet.at('tab-today').waitFor()
    }
    await tablet.page.locator('[data-testid="signin-reason"][data-reason="lease"]').waitFor()
    expect(!(await tablet.page.content()).includes(household.head_name), 'no family is named')
    await world.shot(device, 'lease')
  })
  await world.step('a sign-in opens it, and the edit arrives', async () => {
    await server.start()
    await tablet.at('signin-password').fill(password)
    await tablet.at('signin-submit').click()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', ['applied'])
  })
})
