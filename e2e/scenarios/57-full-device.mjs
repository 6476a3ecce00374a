// The browser's room for the app is used up: the form says so, and what was saved stays.
import { scenario } from '../fixture/scenario.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { password } from '../fixture/server.mjs'
import { expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const [kept, late] = ['空间够的时候写的', '空间满了以后写的']

scenario('full-device', 'a full device says so in the form, and what was saved stays and is sent', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const session = await device.page.context().newCDPSession(device.page)
  const room = (quotaSize) => session.send('Storage.overrideQuotaForOrigin', { origin: server.url, ...(quotaSize !== null && { quotaSize }) })

  await world.step('a visit is saved while the server is dead', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    await tablet.openHousehold(household)
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(kept)
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
  })
  await world.step('the room is used up: a photo is refused with words that stay', async () => {
    const photo = await photoFile(tablet.page, 'full.jpg')
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    await room(1)
    // Chromium asks for the room that is left only now and then: photos are taken until it has.
    await until('a photo that does not fit', async () => {
      if (await tablet.at('photo-fault').isVisible()) return true
      if ((await tablet.at('photo-thumb').count()) > 2) await tablet.at('photo-remove').first().click()
      await tablet.at('photo-input').setInputFiles(photo)
      return false
    }, 120_000)
    await tablet.expectText(tablet.at('photo-fault'), '平板空间满了')
    await tablet.at('photo-fault').scrollIntoViewIfNeeded()
    await world.shot(device, 'photo')
  })
  await world.step('the form itself says that it cannot be kept, and is not lost from the screen', async () => {
    await tablet.at('conclusion').fill(late)
    await tablet.at('draft-failed').waitFor()
    await tablet.at('save-visit').click()
    await tablet.at('save-fault').waitFor()
    expectEqual(await tablet.at('conclusion').inputValue(), late, 'the text in the form')
    await world.shot(device, 'form')
  })
  await world.step('with room again it is saved, and both visits are sent', async () => {
    await room(null)
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('visits', ['applied', 'applied'])
    const token = await server.token('town@demo.test')
    await until('both visits at the town', async () => {
      const { visits } = await server.call(`/api/console/v1/households/${household.id}`, { token })
      return [kept, late].every((text) => visits.some((visit) => visit.conclusion === text))
    })
  })
})
