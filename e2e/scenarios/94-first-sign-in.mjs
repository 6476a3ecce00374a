// 初始密码、动态口令、我的账号: a slip's password becomes one's own on the tablet and at the
// desk; whoever guesses waits and is told how long; a second factor is bound and asked for;
// a session elsewhere is ended, and its page is out.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, until } from '../fixture/until.mjs'
import { bindFactor, chooseAtDesk, codeOf } from '../pages/account.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const own = '村口的老槐树又开花了'
const deskOwn = 'lanse-shuibei-42'

scenario('first-sign-in', 'a first password is changed, a second factor bound, and a session elsewhere ended', async (world) => {
  const server = await world.server()
  const axe = []
  const county = await server.token('county@demo.test')
  const slip = async (name) => {
    const { items } = await server.call(`/api/console/v1/accounts?q=${encodeURIComponent(name)}&limit=5`, { token: county })
    return (await server.call(`/api/console/v1/accounts/${items[0].id}/slip`, { token: county, method: 'POST' })).slip.passphrase
  }
  const workerSlip = await slip('worker@demo.test')
  const townSlip = await slip('othertown@demo.test')

  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  await world.step('tablet: the password of the slip leads to the page that changes it, with the rule in words', async () => {
    await tablet.open()
    await tablet.submitSignIn('worker@demo.test', workerSlip)
    await tablet.at('first-password').waitFor()
    await tablet.at('first-new').fill('123456789012')
    await tablet.at('first-again').fill('123456789012')
    await tablet.at('first-submit').click()
    await tablet.at('first-fault').filter({ hasText: '不能全是数字' }).waitFor()
    await world.shot(device, 'first-password')
    axe.push(...(await violations(device, 'first password')))
    await tablet.at('first-new').fill(own)
    await tablet.at('first-again').fill(own)
    await tablet.at('first-submit').click()
    await tablet.at('choose').waitFor()
  })
  await device.close()

  const profile = await world.profile('desk', 'console')
  const desk = new Console(profile, server.url)
  await world.step('desk: whoever guesses waits, and is told how long', async () => {
    await desk.open()
    for (let tries = 0; tries < 6; tries++) {
      await desk.signIn('admin@demo.test', `wrong-guess-${tries}`)
      await desk.page.locator('[data-testid="sign-in-failure"]', { hasText: tries < 5 ? '不正确' : '秒再试' }).waitFor()
    }
    await world.shot(profile, 'wait')
    axe.push(...(await violations(profile, 'wait')))
  })
  await world.step('desk: the first password is changed there as well', async () => {
    await desk.signIn('othertown@demo.test', townSlip)
    await desk.at('new-password').waitFor()
    await world.shot(profile, 'first-password')
    axe.push(...(await violations(profile, 'first password at the desk')))
    await chooseAtDesk(desk, deskOwn)
    await desk.at('nav-own').waitFor()
  })
  const secret = await world.step('desk: a second factor is bound on the page of one\'s own account', async () => {
    await desk.go('own')
    await desk.at('session-row').first().waitFor()
    await world.shot(profile, 'own')
    axe.push(...(await violations(profile, 'own account')))
    await desk.at('factor-open').click()
    await desk.at('factor-password').fill(deskOwn)
    await desk.at('factor-begin').click()
    await desk.at('factor-secret').waitFor()
    await world.shot(profile, 'factor')
    axe.push(...(await violations(profile, 'factor')))
    const bound = await bindFactor(desk)
    await world.shot(profile, 'recovery')
    axe.push(...(await violations(profile, 'recovery codes')))
    await desk.at('recovery-kept').click()
    await desk.at('factor-recovery').waitFor()
    return bound
  })
  const elsewhere = await world.profile('elsewhere', 'console')
  const other = new Console(elsewhere, server.url)
  await world.step('elsewhere: password and code are asked for', async () => {
    await other.open()
    await other.signIn('othertown@demo.test', deskOwn)
    await other.at('sign-in-code').waitFor()
    await world.shot(elsewhere, 'code')
    axe.push(...(await violations(elsewhere, 'code')))
    await other.at('sign-in-code').fill(codeOf(secret, 1))
    await other.at('sign-in-submit').click()
    await other.at('nav-own').waitFor()
  })
  await world.step('desk: the session elsewhere is ended, and its page is out', async () => {
    await desk.page.reload()
    await until('two sessions', async () => (await desk.at('session-row').count()) === 2)
    await desk.at('session-end').first().click()
    await desk.page.locator('.el-message-box').waitFor()
    await desk.page.keyboard.press('Enter')
    await until('one session', async () => (await desk.at('session-row').count()) === 1)
    await other.at('nav-devices').click()
    await other.at('sign-in-notice').waitFor()
  })
  await world.step('desk: signing out ends the token on the server', async () => {
    const token = await desk.page.evaluate(() => JSON.parse(sessionStorage.getItem('doorstep.console.session')).token)
    await desk.at('sign-out').click()
    await desk.at('sign-in').waitFor()
    await until('the token is worth nothing', async () => (await fetch(`${server.url}/api/console/v1/summary`, { headers: { Authorization: `Bearer ${token}` } })).status === 401)
  })
  await world.step('where it is asked for, an office binds its second factor first', async () => {
    await server.stop()
    server.args = ['serve', '--http', `127.0.0.1:${server.port}`, '--dir', server.dir, '--second-factor', 'town']
    await server.start()
    await desk.open()
    await desk.signIn('auditor@demo.test', password)
    await desk.at('factor-secret').waitFor()
    await world.shot(profile, 'factor-first')
    axe.push(...(await violations(profile, 'factor at the first sign-in')))
    await bindFactor(desk)
    await desk.at('recovery-kept').click()
    await desk.at('nav-audit').waitFor()
  })
  expect(axe.length === 0, `no violation, but:\n${axe.join('\n')}`)
})
