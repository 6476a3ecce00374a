// Everything that stands before the records, looked at by axe in both displays, and
// fitted on a telephone.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual } from '../fixture/until.mjs'
import { passphrase, Tablet } from '../pages/tablet.mjs'

const shapes = { tablet: { width: 800, height: 1180 }, phone: { width: 390, height: 844 } }
const themes = ['daylight', 'normal']
/** From the fifth on there is a wait. */
const wrong = ['000001', '000002', '000003', '000004', '000005']

scenario('lock-screens', 'no screen of the lock has an accessibility violation in either display, and none runs over the edge of a telephone', async (world) => {
  const server = await world.server({ households: 20 })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const found = []
  const look = async (screen) => {
    for (const theme of themes) {
      await tablet.page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme)
      await world.shot(device, `${screen}-${theme}`)
      found.push(...(await violations(device, `${screen}-${theme}`)))
    }
    await tablet.page.setViewportSize(shapes.phone)
    await world.shot(device, `${screen}-phone`)
    const over = await tablet.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) found.push(`${screen} on a phone: ${over} px wider than the screen`)
    await tablet.page.setViewportSize(shapes.tablet)
  }

  await world.step('choosing: digits, a weak one, a sentence, once more', async () => {
    await tablet.open()
    await tablet.submitSignIn('worker@demo.test', password)
    await tablet.at('choose').waitFor()
    await look('choose')
    await tablet.at('choose-passphrase').fill('123456')
    await tablet.at('choose-submit').click()
    await tablet.at('choose-fault').waitFor()
    await look('weak')
    await tablet.at('choose-kind').click()
    await look('phrase')
    await tablet.at('choose-kind').click()
    await tablet.at('choose-passphrase').fill(passphrase)
    await tablet.at('choose-submit').click()
    await tablet.page.locator('[data-testid="choose"][data-step="repeat"]').waitFor()
    await look('repeat')
    await tablet.choosePassphrase(passphrase, 'repeat')
    await tablet.at('today').waitFor()
  })
  await world.step('changing it', async () => {
    await tablet.tab('me')
    await tablet.at('change-passphrase').click()
    await tablet.at('passphrase-old').fill('1')
    await tablet.at('passphrase-next').fill('123')
    await tablet.at('passphrase-save').click()
    await tablet.at('passphrase-fault').waitFor()
    await look('change')
    await tablet.at('back').click()
  })
  await world.step('locked: asked, wrong, to wait', async () => {
    await tablet.at('lock-now').click()
    await tablet.at('unlock-passphrase').waitFor()
    await look('locked')
    for (const each of wrong) {
      await tablet.unlock(each)
      if (each === wrong[0]) await look('wrong')
    }
    await tablet.at('unlock-wait').waitFor()
    await look('wait')
  })
  await world.step('forgotten', async () => {
    await tablet.at('unlock-forgot').click()
    await tablet.page.locator('[data-testid="signin-reason"][data-reason="forgot"]').waitFor()
    await look('forgotten')
  })
  expectEqual(found, [], 'violations, and what is too wide')
})
