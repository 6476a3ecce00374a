// The passphrase is forgotten, with an edit and half a form on the tablet: a sign-in
// with the account opens it again, and everything is still there.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const words = '写到一半，忘了密码。'

scenario('forgotten', 'a forgotten passphrase loses neither an unsent edit nor half a form', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 1000)
  const income = household.monthly_income + 333
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('a worker signs in, the server is killed, an edit and half a form are made', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    await tablet.openHousehold(household)
    await tablet.editHousehold({ monthly_income: income })
    await tablet.at('start-visit').click()
    await tablet.at('visit-form').waitFor()
    await tablet.at('conclusion').fill(words)
    await tablet.untilKept()
  })
  await world.step('the browser is opened again, and the passphrase is gone', async () => {
    await device.close()
    await device.open()
    await tablet.page.goto(server.url)
    await tablet.at('unlock-forgot').click()
    await tablet.at('signin-reason').waitFor()
    await world.shot(device, 'forgotten')
    await tablet.at('signin-password').fill(password)
    await tablet.at('signin-submit').click()
    await tablet.at('signin-fault').waitFor()
  })
  await world.step('with the server back, the account chooses a new one', async () => {
    await server.start()
    await tablet.at('signin-password').fill(password)
    await tablet.at('signin-submit').click()
    await tablet.at('choose').waitFor()
    await tablet.choosePassphrase('909192')
    await tablet.page.locator('[data-testid="back"], [data-testid="tab-today"]').first().waitFor()
  })
  await world.step('the edit arrives, the form is as it was', async () => {
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', ['applied'])
    await tablet.tab('today')
    await tablet.at('draft-row').first().click()
    await until('the words of the form', async () => (await tablet.at('conclusion').inputValue()) === words)
    const story = await server.call(`/api/console/v1/households/${household.id}`, { token: await server.token('town@demo.test') })
    if (story.household.monthly_income !== income) throw new Error(`the town sees ${story.household.monthly_income}, not ${income}`)
    await world.shot(device, 'back')
  })
})
