// The tablet app is installable, and from its second start it needs no server.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

scenario('install', 'the tablet app installs, and starts from the second time on without a server', async (world) => {
  const server = await world.server()
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('the manifest says what an installed app needs', async () => {
    await tablet.open()
    await tablet.at('signin-submit').waitFor()
    await expectManifest(tablet.page, server.url)
  })
  await world.step('the browser finds nothing that keeps it from installing', async () => {
    await tablet.untilInstalled()
    const browser = await tablet.page.context().newCDPSession(tablet.page)
    const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors')
    expectEqual(installabilityErrors.map((error) => error.errorId), [], 'reasons why Chromium would not install it')
  })
  await world.step('a worker signs in and syncs', () => tablet.signInAndSync('worker@demo.test', password))
  await world.step('the server is killed, the browser closed and opened again', async () => {
    await server.kill()
    await device.close()
    await device.open()
    await tablet.open()
  })
  await world.step('the service worker serves the page, and every screen opens', async () => {
    await tablet.at('today').waitFor()
    expect(await tablet.page.evaluate(() => navigator.serviceWorker.controller !== null), 'a service worker controls the page')
    for (const tab of ['households', 'sync', 'me', 'today']) await tablet.tab(tab)
    await tablet.tab('households')
    await tablet.at('household-row').first().click()
    for (const way of ['start-visit', 'report-change', 'edit-household', 'add-member']) {
      await tablet.at(way).click()
      await tablet.page.locator('[data-testid="visit-form"], [data-testid="status-form"], [data-testid="edit-form"]').first().waitFor()
      await tablet.at('back').click()
      await tablet.at('household').waitFor()
    }
    await world.shot(device, 'offline')
  })
  await world.step('search by pinyin initials works offline', async () => {
    await tablet.tab('households')
    const all = Number(await tablet.at('household-list').getAttribute('data-count'))
    const head = (await tablet.at('household-row').first().locator('strong').innerText()).trim()
    await tablet.at('household-search').fill(head)
    await tablet.page.locator('[data-testid="household-row"]', { hasText: head }).first().waitFor()
    await tablet.at('household-search').fill('w')
    await tablet.page.waitForFunction((count) => {
      const found = Number(document.querySelector('[data-testid="household-list"]').dataset.count)
      return found > 0 && found < count
    }, all)
    await world.shot(device, 'search')
  })
})

async function expectManifest(page, url) {
  const href = await page.locator('link[rel="manifest"]').getAttribute('href')
  const answer = await fetch(new URL(href, url))
  expect(answer.ok, `the manifest at ${href}: ${answer.status}`)
  const manifest = await answer.json()
  expectEqual(manifest.display, 'standalone', 'display of the manifest')
  expect(/[\u4e00-\u9fff]/.test(manifest.name), `a Chinese name in the manifest: ${manifest.name}`)
  for (const size of ['192x192', '512x512']) {
    const icon = manifest.icons.find((each) => each.sizes === size)
    expect(icon, `an icon of ${size} in the manifest`)
    const picture = await fetch(new URL(icon.src, new URL(href, url)))
    expect(picture.ok && picture.headers.get('content-type') === 'image/png', `the icon ${icon.src} is a PNG: ${picture.status}`)
  }
}
