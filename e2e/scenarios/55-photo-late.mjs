// The text of a visit arrives days before its photo: both sides say that it is not
// whole, until it is. Mobile data holds photos back until the worker says otherwise.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { scenario } from '../fixture/scenario.mjs'
import { paddedTo, withExif } from '../fixture/exif.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, syncMillis, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const conclusion = '照片等有 WLAN 再传。'
const cameraBytes = 12 * 1024 * 1024
/** As a phone held upright writes it: lying, with a tag that turns it; Jiaozhou, half past eight. */
const camera = { orientation: 6, taken: '2026:05:01 08:30:00', zone: '+08:00', lat: 36.264622, lng: 120.033382 }

scenario('photo-late', "a camera's 12 MB picture on mobile data: small, upright, with time and place, incomplete on both sides until it is there", async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  // Chromium on a desk has no mobile data: the scenario says it has.
  await device.page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { type: 'cellular', saveData: false }) }))

  await world.step('a visit with a picture of 12 MB is recorded on mobile data', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    const source = await readFile(await photoFile(tablet.page, 'camera-source.jpg'))
    const file = withExif(paddedTo(source, cameraBytes), camera)
    const path = `${await world.shot(device, 'before')}.jpg`
    await writeFile(path, file)
    await tablet.openHousehold(household)
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(conclusion)
    await tablet.addPhoto(path)
    await tablet.addPhoto(await photoFile(tablet.page, 'second.jpg'))
    await tablet.at('photo-remove').nth(1).click()
    await until('one photo in the form', async () => (await tablet.at('photo-thumb').count()) === 1)
    const shape = await tablet.at('photo-thumb').locator('img').evaluate((image) => [image.naturalWidth, image.naturalHeight])
    expectEqual(shape, [240, 320], 'the thumbnail stands upright')
    await world.shot(device, 'form')
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
  })
  await world.step('the text goes, the photo waits, and the tablet says why', async () => {
    await tablet.tab('sync')
    await tablet.at('photos-held').waitFor()
    await until('the text is sent', async () => (await tablet.outcomes('visits'))[0] === 'applied', syncMillis)
    await until('the photo alone waits', async () => (await tablet.waiting()) === 1)
    await world.shot(device, 'held')
    await tablet.openHousehold(household)
    await tablet.at('visit-row').filter({ hasText: conclusion }).getByTestId('evidence-missing').waitFor()
    await world.shot(device, 'incomplete')
  })
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  await world.step('the town sees the visit, and that its photo is not there yet', async () => {
    await desk.enter('town@demo.test', password)
    await desk.openHousehold(household)
    const visit = desk.at('visits-entry').filter({ hasText: conclusion })
    await visit.getByTestId('photo-missing').waitFor()
    await visit.scrollIntoViewIfNeeded()
    await world.shot(profile, 'incomplete')
  })
  await world.step('the worker sends it now', async () => {
    await tablet.tab('sync')
    await tablet.at('photos-now').click()
    await tablet.untilSynced()
    await tablet.at('sync-photos').waitFor({ state: 'detached' })
    await tablet.openHousehold(household)
    await tablet.at('visit-row').filter({ hasText: conclusion }).getByTestId('evidence-missing').waitFor({ state: 'detached' })
  })
  await world.step('the town sees it, without a tap', async () => {
    const visit = desk.at('visits-entry').filter({ hasText: conclusion })
    await desk.untilPicturesLoad(visit.locator('img'), 1)
    await visit.scrollIntoViewIfNeeded()
    await world.shot(profile, 'complete')
  })
  await world.step('what travelled: 1200 × 1600 upright, far smaller, with the time and place of the camera as fields', async () => {
    const token = await server.token('town@demo.test')
    const story = await server.call(`/api/console/v1/households/${household.id}`, { token })
    const visit = story.visits.find((each) => each.conclusion === conclusion)
    const record = story.photos.find((photo) => photo.owner === visit.id)
    const { width, height, bytes, taken_at: taken, place, state } = record
    world.say(`    ${cameraBytes} bytes from the camera, ${bytes} sent (${(100 * bytes / cameraBytes).toFixed(1)} %), ${width} × ${height}`)
    expectEqual([width, height, state, new Date(taken).toISOString()], [1200, 1600, 'stored', '2026-05-01T00:30:00.000Z'], 'width, height, state and time')
    expect(Math.abs(place.lat - camera.lat) < 1e-4 && Math.abs(place.lng - camera.lng) < 1e-4, `the camera's place: ${JSON.stringify(place)}`)
    expect(bytes < 1_000_000, `under a megabyte: ${bytes}`)
    const answer = await fetch(`${server.url}/api/sync/v1/photos/${record.id}?size=full`, { headers: { Authorization: `Bearer ${token}` } })
    const full = Buffer.from(await answer.arrayBuffer())
    expect(answer.ok && !full.includes('Exif'), `the stored picture (${answer.status}, ${createHash('sha256').update(full).digest('hex').slice(0, 8)}) carries nothing of the camera`)
  })
})
