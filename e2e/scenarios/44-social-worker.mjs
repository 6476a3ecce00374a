// A social worker's day without a connection: a follow-up that sets the next date, and
// help to apply, signed by a proxy who is named.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const result = '陪同复诊，取了三个月的药。'
const reason = '户主生病住院，家里没有收入。'

scenario('social-worker', 'a social worker follows up and helps to apply, signed on the tablet, without a server', async (world) => {
  const server = await world.server({ households: 120 })
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  let household = ''

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('social@demo.test', password)
    await tablet.untilInstalled()
    await tablet.tab('today')
    await tablet.at('followups-due').waitFor()
    await world.shot(device, 'today')
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('a follow-up of an assigned household', async () => {
    await tablet.at('all-followups').click()
    await tablet.at('followups').waitFor()
    await world.shot(device, 'followups')
    const row = tablet.at('followup-row').first()
    household = await row.getAttribute('data-id')
    await row.click()
    await tablet.at('followup-form').waitFor()
    await tablet.at('service-counsel').click()
    await tablet.at('result').fill(result)
    await tablet.page.getByRole('radio', { name: '两周后' }).click()
    await world.shot(device, 'followup')
    await tablet.at('save-followup').click()
    await tablet.at('followups').waitFor()
    await tablet.page.locator(`[data-testid="followup-row"][data-id="${household}"][data-days="14"]`).waitFor()
  })
  await world.step('help to apply: texts in full, signed by a named proxy', async () => {
    await tablet.page.evaluate((id) => (location.hash = `#/households/${id}`), household)
    await tablet.at('fieldwork').waitFor()
    await tablet.at('followup-entry').filter({ hasText: result }).waitFor()
    await tablet.at('start-application').click()
    await tablet.at('application-form').waitFor()
    await world.shot(device, 'application')
    await tablet.at('save-application').click()
    await tablet.at('application-form').locator('.fault').first().waitFor()
    await tablet.at('reason').fill(reason)
    for (const consent of ['honesty_1', 'verification_1', 'classify_1']) {
      await tablet.expectText(tablet.at(`consent-card-${consent}`), '本人')
      await tablet.at(`consent-${consent}`).check()
    }
    await tablet.at('consent-card-verification_1').scrollIntoViewIfNeeded()
    await world.shot(device, 'consents')
    await tablet.at('signer-proxy').click()
    await tablet.at('proxy').fill('王大山')
    await tablet.at('proxy-relation').fill('儿子')
    await tablet.sign('proxy-signature')
    await world.shot(device, 'signed')
    await tablet.at('save-application').click()
    await tablet.at('application-row').filter({ hasText: reason }).waitFor()
  })
  await world.step('the server starts again: both are taken, and the state is shown', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('followups', ['applied'])
    await tablet.expectOutcomes('applications', ['applied'])
    await tablet.page.evaluate((id) => (location.hash = `#/households/${id}`), household)
    const row = tablet.at('application-row').filter({ hasText: reason })
    await until('the state that the server gave', async () => (await row.getAttribute('data-state')) === 'submitted')
    await row.scrollIntoViewIfNeeded()
    await world.shot(device, 'state')
    const story = await server.call(`/api/console/v1/households/${household}`, { token: await server.token('town@demo.test') })
    const application = (story.applications ?? []).find((known) => known.reason === reason)
    expect(application !== undefined, `the application at the town: ${Object.keys(story)}`)
    expectEqual([application.proxy, application.consents.length, application.signatures.length], ['王大山', 3, 1], 'proxy, consents, signatures')
  })
})
