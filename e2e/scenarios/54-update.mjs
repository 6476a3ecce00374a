// The app is updated while edits, photos and a half-written form are on the tablet: the
// whole previous release, built from its commit, then this one over the same data.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scenario } from '../fixture/scenario.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { password } from '../fixture/server.mjs'
import { execute, goEnvironment, outDir } from '../fixture/tools.mjs'
import { expect, expectEqual, syncMillis, until } from '../fixture/until.mjs'
import * as pages from '../pages/tablet.mjs'

const { passphrase, Tablet } = pages
/** The last release before records were encrypted and updates waited for forms. */
const previous = '8226766'
const conclusion = '旧版本里录入的走访，照片还没有传。'
const unfinished = '还没写完就更新了'

async function buildPrevious() {
  const dir = await mkdtemp(join(tmpdir(), 'doorstep-previous-'))
  try {
    const archive = join(dir, 'previous.tar')
    const write = () => execute('git', ['archive', '-o', archive, previous])
    // A shallow clone is completed from where it came.
    await write().catch(() => execute('git', ['fetch', '-q', '--unshallow']).then(write))
    await execute('tar', ['-x', '-f', archive, '-C', dir])
    const binary = join(outDir, 'doorstep-previous')
    await execute('go', ['build', '-trimpath', '-buildvcs=false', '-o', binary, '.'], { cwd: dir, env: goEnvironment })
    return binary
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The new release may ask for what the previous one did not know: a passphrase, or to sign in once more. */
async function enterUpdated(tablet) {
  const asks = ['choose', 'unlock-passphrase', 'signin-submit', 'tab-today', 'back'].map((name) => `[data-testid="${name}"]`).join(', ')
  await tablet.page.locator(asks).first().waitFor({ timeout: syncMillis })
  if (await tablet.at('signin-submit').isVisible()) await tablet.signIn('worker@demo.test', password)
  else if (await tablet.at('choose').isVisible()) await tablet.choosePassphrase(passphrase)
  else await tablet.unlockIfLocked?.()
}

scenario('update', 'the previous release, updated with edits, a photo and an open form, loses none of them', async (world) => {
  const binary = await world.step('the previous release is built', buildPrevious)
  const server = await world.server({ binary })
  const { household } = await server.household((story) => story.household.monthly_income >= 500)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const version = () => tablet.page.evaluate(() => [...document.scripts].map((script) => script.src).join())

  await world.step('on the previous release a worker signs in, and works while the server is dead', async () => {
    await tablet.open()
    await tablet.signIn('worker@demo.test', password)
    await tablet.at('today').waitFor({ timeout: syncMillis })
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.untilInstalled()
    await server.kill()
    await tablet.openHousehold(household)
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(conclusion)
    await tablet.addPhoto(await photoFile(tablet.page, 'update.jpg'))
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await tablet.editHousehold({ phone: '13953200041' })
    await tablet.at('start-visit').click()
    await tablet.at('conclusion').fill(unfinished)
    await tablet.addPhoto(await photoFile(tablet.page, 'unfinished.jpg'))
    await tablet.tab('today')
    await tablet.at('draft-row').first().waitFor()
    await device.close()
  })
  const old = await world.step('opened again, the previous release shows what waits', async () => {
    await device.open()
    await tablet.open()
    await tablet.tab('sync')
    await until('three edits and pictures wait', async () => (await tablet.waiting()) >= 3)
    return version()
  })
  await world.step('the new release starts, and takes over on the tablet', async () => {
    // No answer to anything of the sync: what waits must still wait when the new app opens.
    await tablet.page.context().route('**/api/**', (route) => route.abort('connectionreset'))
    await server.useBinary(null)
    await server.start()
    await tablet.page.reload()
    await tablet.tab('me')
    await tablet.at('update-now').waitFor({ timeout: syncMillis })
    await tablet.at('update-now').click()
    await until('the page of the new release', async () => (await version()) !== old, syncMillis)
  })
  await world.step('everything is there: edits, photo, and the form as it was left', async () => {
    await tablet.page.context().unroute('**/api/**')
    await enterUpdated(tablet)
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('visits', ['applied'])
    expect((await tablet.outcomes('households')).every((outcome) => outcome === 'applied'), `outcomes of households: ${await tablet.outcomes('households')}`)
    await world.shot(device, 'updated')
    await tablet.openHousehold(household)
    await tablet.expectText(tablet.at('household'), conclusion)
    await tablet.tab('today')
    await tablet.at('draft-row').first().click()
    await tablet.at('visit-form').waitFor()
    expectEqual(await tablet.at('conclusion').inputValue(), unfinished, 'the half-written form')
    await tablet.untilPicturesLoad(tablet.at('photo-thumb').locator('img'))
    await world.shot(device, 'form')
  })
  await world.step('the form is finished in the new release, and the server has both visits with their photos', async () => {
    await tablet.at('no-change').click()
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await tablet.tab('sync')
    await tablet.untilSynced()
    const token = await server.token('town@demo.test')
    const story = await until('two visits and two stored photos at the town', async () => {
      const found = await server.call(`/api/console/v1/households/${household.id}`, { token })
      const mine = found.visits.filter((visit) => [conclusion, unfinished].includes(visit.conclusion))
      const photos = (found.photos ?? []).filter((photo) => mine.some((visit) => visit.id === photo.owner))
      return (mine.length === 2 && photos.length === 2 && photos.every((photo) => photo.state === 'stored') && found) || Promise.reject(new Error(JSON.stringify({ visits: mine.length, photos: photos.map((photo) => photo.state) })))
    }, syncMillis)
    expectEqual(story.household.phone, '13953200041', 'the telephone at the town')
  })
})
