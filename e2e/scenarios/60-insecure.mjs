// Over plain http from another machine's name a browser offers no service worker and no
// cryptography: the first screen says so, and what the administrator must do.
import { readFile } from 'node:fs/promises'
import { scenario } from '../fixture/scenario.mjs'
import { axePath } from '../fixture/tools.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'

const host = 'doorstep.test'

scenario('insecure', 'over plain http from another name the first screen says what is wrong and what to do, and takes no password', async (world) => {
  const server = await world.server()
  const device = await world.profile('tablet', 'tablet', [`--host-resolver-rules=MAP ${host} 127.0.0.1`])
  const { page } = device
  await world.step('the page is opened by a name that is not this machine', async () => {
    await page.goto(`http://${host}:${server.port}/`)
    await page.getByTestId('insecure').waitFor()
    expectEqual(await page.evaluate(() => [window.isSecureContext, 'serviceWorker' in navigator]), [false, false], 'secure context and service worker')
  })
  await world.step('it says what to do, and asks for nothing', async () => {
    const words = await page.getByTestId('insecure').innerText()
    for (const part of ['https', host]) expect(words.includes(part), `the screen names ${part}: ${words}`)
    expectEqual(await page.locator('input').count(), 0, 'fields to type a password into')
    await world.shot(device, 'said')
  })
  await world.step('it is readable for all', async () => {
    await page.evaluate(await readFile(axePath, 'utf8'))
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    expectEqual(violations.map((each) => each.id), [], 'accessibility violations')
  })
})
