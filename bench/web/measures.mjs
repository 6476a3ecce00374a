// What one tablet is measured by: each answers milliseconds, taken in the page by watch.js.
import { join } from 'node:path'
import { Profile } from '../../e2e/fixture/profile.mjs'
import { top } from '../../e2e/fixture/tools.mjs'
import { passphrase, Tablet } from '../../e2e/pages/tablet.mjs'

/** How much slower than this machine the tablet is taken to be. */
export const throttle = 4
const visitsARound = 3
const listed = '[data-testid="household-list"]:not([data-count="0"]) [data-testid="household-row"]'
/** A name letter by letter, an address, a telephone number, initials and a full spelling. */
const typed = ['王秀英', '李', '张建国', '陈', '村', '138', 'wxy', 'zhang', 'lj']

export async function opened(name, url) {
  const profile = await Profile.fresh(name, 'tablet')
  await launch(profile)
  return { profile, url, tablet: new Tablet(profile, `${url}/#/households`) }
}

async function launch(profile) {
  await profile.open()
  await profile.page.addInitScript({ path: join(top, 'bench/web/watch.js') })
}

export async function slow(page, rate) {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
}

/** Signs in on a new tablet; milliseconds from the passphrase's key to the painted list of all households. */
export async function firstSync({ tablet }, email, secret) {
  await tablet.open()
  await tablet.submitSignIn(email, secret)
  await tablet.at('choose').waitFor()
  const end = tablet.page.evaluate((selector) => painted(selector), listed)
  await tablet.choosePassphrase(passphrase)
  const derived = await tablet.page.evaluate(() => bench.derived)
  const millis = (await end) - derived
  const count = Number(await tablet.at('household-list').getAttribute('data-count'))
  const loaded = await tablet.page.evaluate(() => performance.getEntriesByType('resource').map(({ name, startTime, responseEnd }) => ({ name: new URL(name).pathname.slice(1), startTime, responseEnd })))
  const files = loaded.map(({ name }) => name).filter((name) => name.startsWith('assets/'))
  const asked = loaded.filter(({ name, startTime }) => name.startsWith('api/sync/') && startTime > derived)
  const arrived = Math.max(...asked.map(({ responseEnd }) => responseEnd)) - derived
  return { millis, count, files, requests: asked.length, arrived }
}

/** A cold start without a server, from the tap on "unlock" to the painted list. */
export async function coldStart({ profile, url, tablet }) {
  await profile.close()
  await launch(profile)
  const { page } = profile
  await slow(page, throttle)
  await page.goto(`${url}/#/households`)
  await tablet.at('unlock-passphrase').waitFor()
  const locked = await page.evaluate(() => painted('[data-testid="unlock-passphrase"]'))
  await tablet.at('unlock-passphrase').fill(passphrase)
  const end = page.evaluate((selector) => painted(selector), listed)
  await tablet.at('unlock-submit').click()
  const shown = await end
  const { submitted, derived } = await page.evaluate(() => bench)
  const count = Number(await tablet.at('household-list').getAttribute('data-count'))
  return { locked, deriving: derived - submitted, opening: shown - derived, count }
}

/** Types and takes back every query; milliseconds of each keystroke. */
export async function search({ profile }) {
  const { page } = profile
  const field = page.locator('[data-testid="household-search"]')
  await field.focus()
  // The first Latin letter fetches the table of pinyin and spells every name, once.
  await page.keyboard.insertText('q')
  await page.waitForFunction(() => bench.keystrokes.length === 1)
  await page.waitForLoadState('networkidle')
  await page.keyboard.press('Backspace')
  await page.waitForFunction(() => bench.keystrokes.length === 2)
  await page.keyboard.insertText('q')
  await page.waitForFunction(() => bench.keystrokes.length === 3)
  const spelling = await page.evaluate(() => Math.max(...bench.keystrokes.splice(0).map((key) => key.millis)))
  await page.keyboard.press('Backspace')
  await page.waitForFunction(() => bench.keystrokes.length === 1)
  let strokes = 1
  for (const word of typed) {
    for (const letter of word) await stroke(page, ++strokes, () => page.keyboard.insertText(letter))
    for (const _ of word) await stroke(page, ++strokes, () => page.keyboard.press('Backspace'))
  }
  const keystrokes = await page.evaluate(() => bench.keystrokes.splice(0))
  if (!keystrokes.some((key) => key.query !== '' && key.found > 0)) throw new Error('search: nothing was found at all')
  return { spelling, millis: keystrokes.map((key) => key.millis) }
}

async function stroke(page, count, press) {
  await press()
  await page.waitForFunction((wanted) => bench.keystrokes.length === wanted, count)
}

/** Visits without change; milliseconds from the tap to the stored transaction, and to the household's page. */
export async function saveVisits({ profile, tablet }, run) {
  const { page } = profile
  const saved = []
  for (let at = run * visitsARound; at < (run + 1) * visitsARound; at++) {
    await tablet.tab('households')
    await (await tablet.householdRow(at)).click()
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    const end = page.evaluate(() => painted('[data-testid="visit-row"][data-pending="true"]'))
    await tablet.at('save-visit').click()
    const shown = await end
    const { tapped, committed } = await page.evaluate(() => bench)
    if (committed === 0) throw new Error('visit: no transaction was seen')
    saved.push({ stored: committed - tapped, shown: shown - tapped })
  }
  return saved
}

/** Visits in the tablet's base, counted in its database. */
export const visitsOf = ({ profile }) =>
  profile.page.evaluate(async () => {
    const name = (await indexedDB.databases()).map((each) => each.name).find((each) => /^doorstep-(?!session)/.test(each))
    const db = await new Promise((resolve) => (indexedDB.open(name).onsuccess = (event) => resolve(event.target.result)))
    const count = await new Promise((resolve) => {
      const range = IDBKeyRange.bound(['visits', ''], ['visits', '\uffff'])
      db.transaction('base').objectStore('base').count(range).onsuccess = (event) => resolve(event.target.result)
    })
    db.close()
    return count
  })
