// What people are told when they cannot sign in, in both apps.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const wrongPassword = 'not-the-password'

scenario('sign-in', 'a sign-in that fails says why, in both apps, and lets nobody in', async (world) => {
  const server = await world.server()
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const said = async () => (await tablet.at('signin-fault').innerText()).trim()

  const told = []
  const refused = async (account, secret) => {
    await tablet.signIn(account, secret)
    await tablet.at('signin-fault').waitFor()
    await tablet.page.locator('[data-testid="signin-submit"]:not([disabled])').waitFor()
    expect((await tablet.at('today').count()) === 0, 'nobody is signed in')
    told.push(await said())
  }
  await world.step('tablet: nothing filled in', async () => {
    await tablet.open()
    await refused('', '')
  })
  await world.step('tablet: a wrong password, and an account that does not exist, sound the same', async () => {
    await refused('worker@demo.test', wrongPassword)
    await refused('nobody@demo.test', wrongPassword)
    expectEqual(told[2], told[1], 'what an unknown account is told')
    await world.shot(device, 'wrong')
  })
  await world.step('tablet: no server', async () => {
    await tablet.untilInstalled()
    await server.kill()
    await refused('worker@demo.test', password)
    await world.shot(device, 'unreachable')
    expectEqual(new Set(told).size, 3, `different words for different causes (${told.join(' | ')})`)
  })
  await world.step('tablet: the same form works when the server is back', async () => {
    await server.start()
    await tablet.signIn('worker@demo.test', password)
    await tablet.at('today').waitFor()
  })
  await world.step('console: a wrong password, and a role without a desk', () => expectConsoleRefuses(world, server))
})

async function expectConsoleRefuses(world, server) {
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  await desk.open()
  await desk.signIn('town@demo.test', wrongPassword)
  await desk.at('sign-in-failure').waitFor()
  const wrong = await desk.at('sign-in-failure').innerText()
  await world.shot(profile, 'wrong')
  await desk.signIn('worker@demo.test', password)
  await desk.page.locator('[data-testid="sign-in-failure"]', { hasNotText: wrong }).waitFor()
  expect((await desk.at('nav-reviews').count()) === 0, 'a village worker has no desk')
  await desk.page.goto(`${server.url}/console/reviews`)
  await desk.at('sign-in').waitFor()
}
