// A revoked tablet, locked, with unsent edits: nobody unlocks it, and still it hands
// over what it holds and is erased.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('revoked', 'a revoked tablet that is locked hands over its edits, and is erased', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 1000)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  const id = await world.step('a worker signs in; the server is killed; an edit is made', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.tab('me')
    const id = (await tablet.at('device-id').innerText()).trim()
    await tablet.untilInstalled()
    await server.kill()
    await tablet.openHousehold(household)
    await tablet.editHousehold({ monthly_income: household.monthly_income + 55 })
    await device.close()
    return id
  })
  const token = await world.step('the town revokes the tablet', async () => {
    await server.start()
    const token = await server.token('town@demo.test')
    await server.call(`/api/console/v1/devices/${id}/revoke`, { token, method: 'POST' })
    return token
  })
  await world.step('found again, it is opened without its passphrase: it is erased', async () => {
    await device.open()
    await tablet.page.goto(server.url)
    await tablet.at('unlock-forgot').click()
    await tablet.at('signin-password').fill(password)
    await tablet.at('signin-submit').click()
    await tablet.at('wiped').waitFor()
    await world.shot(device, 'wiped')
    const names = await tablet.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
    expectEqual(names.filter((name) => name.startsWith('doorstep-') && name !== 'doorstep-session'), [], 'databases left on the tablet')
  })
  await world.step('the edit is held at the town, with its value', async () => {
    const { items } = await server.call('/api/sync/v1/ops?outcome=held', { token })
    expect(JSON.stringify(items).includes(String(household.monthly_income + 55)), `the held edit: ${JSON.stringify(items).slice(0, 400)}`)
  })
})
