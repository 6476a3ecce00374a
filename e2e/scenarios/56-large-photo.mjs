// The largest file that the protocol takes, through the tablet's own uploader in real
// Chromium, over a connection that breaks in the middle of chunks.
import { createHash } from 'node:crypto'
import { scenario } from '../fixture/scenario.mjs'
import { paddedTo } from '../fixture/exif.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { Proxy } from '../fixture/proxy.mjs'
import { uploaderScript } from '../fixture/uploader.mjs'
import { expect, expectEqual, syncMillis, until } from '../fixture/until.mjs'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'

const fileBytes = 12 * 1024 * 1024
const leastBreaks = 10
const mostSent = 1.2

scenario('large-photo', 'a 12 MB photo arrives over a connection that breaks ten times, with at most 1.2 times its bytes sent', async (world) => {
  const server = await world.server()
  const { household } = await server.household(() => true)
  const proxy = await Proxy.before(`127.0.0.1:${server.port}`)
  try {
    const device = await world.profile('tablet', 'tablet')
    const { page } = device
    const jpeg = await readFile(await photoFile(page, 'large-source.jpg'))
    const large = paddedTo(jpeg, fileBytes, (length) => randomBytes(length).map((byte) => byte || 1))
    expectEqual(large.length, fileBytes, 'bytes of the file')
    const script = await uploaderScript()
    const token = await server.token('worker@demo.test')

    const id = await world.step('the uploader starts on a page of the server, behind the bad network', async () => {
      await page.route(`${proxy.url}/uploader.html`, (route) => route.fulfill({ contentType: 'text/html', body: '<meta charset="utf-8"><script src="/uploader.js"></script>' }))
      await page.route(`${proxy.url}/uploader.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
      await page.route(`${proxy.url}/large.jpg`, (route) => route.fulfill({ contentType: 'image/jpeg', body: large }))
      await page.goto(`${proxy.url}/uploader.html`)
      await page.evaluate((secret) => window.uploader.begin(secret), token)
      return page.evaluate(async (home) => {
        const bytes = new Uint8Array(await (await fetch('/large.jpg')).arrayBuffer())
        window.largeBytes = bytes
        return home && bytes.length
      }, household.id)
    })
    expectEqual(id, fileBytes, 'bytes in the page')
    const before = proxy.sentBytes
    const photo = await world.step('every connection is cut after about a megabyte', async () => {
      await proxy.cutEvery(900_000, leastBreaks)
      return page.evaluate((home) => window.uploader.send(window.largeBytes, home), household.id)
    })
    const row = () => page.evaluate((one) => window.uploader.photo(one), photo)
    await world.step('the upload goes on by itself until all is there', () =>
      until('the photo is sent or stored', async () => {
        const now = await row()
        return ['sent', 'stored'].includes(now.state) || Promise.reject(new Error(JSON.stringify(now)))
      }, 2 * syncMillis))
    const [sent, breaks] = [proxy.sentBytes - before, proxy.cuts]
    world.say(`    ${fileBytes} bytes in the file, ${sent} sent in all with headers and ops: ${(sent / fileBytes).toFixed(3)} times; ${breaks} connections cut`)
    expect(breaks >= leastBreaks, `at least ${leastBreaks} broken connections, ${breaks} were`)
    expect(sent <= mostSent * fileBytes, `at most ${mostSent} times the file's bytes are sent, ${(sent / fileBytes).toFixed(3)} were`)
    await world.step('the server has the very bytes, and says so in the record', async () => {
      await until('the record says stored', async () => {
        await page.evaluate(() => window.uploader.pull())
        return (await row()).state === 'stored'
      })
      expectEqual((await row()).sha256, createHash('sha256').update(large).digest('hex'), 'hash that the server verified')
    })
  } finally {
    await proxy.end()
  }
})
