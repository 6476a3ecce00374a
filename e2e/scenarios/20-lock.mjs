// A lost tablet shows nothing: the passphrase comes first, the tablet locks by itself
// in mid-form, and the worker is back in the form after unlocking.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { passphrase, Tablet } from '../pages/tablet.mjs'

const words = '老人独居，屋顶漏雨，已拍照。'
const minuteMillis = 60_000
const changed = '731946'

scenario('lock', 'the tablet is locked by a passphrase, locks in mid-form, and the form is still there', async (world) => {
  const server = await world.server()
  const { household } = await server.household((story) => story.members.length >= 2)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('the first passphrase: a weak one is refused, two different ones are', async () => {
    await tablet.open()
    await tablet.submitSignIn('worker@demo.test', password)
    await tablet.at('choose').waitFor()
    await world.shot(device, 'choose')
    await tablet.at('choose-passphrase').fill('123456')
    await tablet.at('choose-submit').click()
    await tablet.at('choose-fault').waitFor()
    await world.shot(device, 'weak')
    await tablet.at('choose-passphrase').fill(passphrase)
    await tablet.at('choose-submit').click()
    await tablet.page.locator('[data-testid="choose"][data-step="repeat"]').waitFor()
    await tablet.at('choose-passphrase').fill('258037')
    await tablet.at('choose-submit').click()
    await tablet.at('choose-fault').waitFor()
    await tablet.choosePassphrase(passphrase)
    await tablet.at('today').waitFor({ timeout: 90_000 })
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.untilInstalled()
  })
  await world.step('no name lies in the open in the browser', () => expectNothingInTheOpen(tablet, household))
  await world.step('the server is killed; a form is begun; nobody touches the tablet for six minutes', async () => {
    await server.kill()
    await tablet.openHousehold(household)
    await tablet.at('start-visit').click()
    await tablet.at('visit-form').waitFor()
    await tablet.at('conclusion').fill(words)
    await tablet.page.clock.setFixedTime(Date.now() + 6 * minuteMillis)
    await tablet.at('unlock').waitFor()
    await world.shot(device, 'locked')
    expect(!(await tablet.page.content()).includes(household.head_name), 'the lock screen names no family')
  })
  await world.step('wrong tries are counted, over a reload, too', async () => {
    for (const wrong of ['000001', '000002']) {
      await tablet.unlock(wrong)
      await tablet.at('unlock-fault').waitFor()
    }
    await world.shot(device, 'wrong')
    await tablet.page.reload()
    await tablet.unlock('000003')
    await tablet.at('unlock-fault').waitFor()
    expect(/7/.test(await tablet.at('unlock-fault').innerText()), 'three tries are gone after the reload')
    await tablet.unlock('000004')
    await tablet.unlock('000005')
    await tablet.at('unlock-wait').waitFor()
    expect(await tablet.at('unlock-submit').isDisabled(), 'no try before the wait is over')
    await world.shot(device, 'wait')
  })
  await world.step('after the wait the right one opens the same form, as it was', async () => {
    await tablet.page.clock.setFixedTime(Date.now() + 8 * minuteMillis)
    await until('the wait is over', async () => (await tablet.at('unlock-wait').count()) === 0)
    await tablet.unlock(passphrase)
    await tablet.at('visit-form').waitFor()
    await until('the words of the form', async () => (await tablet.at('conclusion').inputValue()) === words)
    await world.shot(device, 'back')
  })
  await world.step('the passphrase is changed; the old one no longer opens', async () => {
    await tablet.tab('me')
    await tablet.at('change-passphrase').click()
    await tablet.at('passphrase-old').fill(passphrase)
    await tablet.at('passphrase-next').fill(changed)
    await tablet.at('passphrase-again').fill(changed)
    await world.shot(device, 'change')
    await tablet.at('passphrase-save').click()
    await tablet.at('me').waitFor()
    await tablet.at('lock-now').click()
    await tablet.unlock(passphrase)
    await tablet.at('unlock-fault').waitFor()
    await tablet.unlock(changed)
    await tablet.at('me').waitFor()
    await world.shot(device, 'me')
  })
})

/** Every value of every IndexedDB of the page, as text. */
async function expectNothingInTheOpen(tablet, household) {
  const text = await tablet.page.evaluate(async () => {
    const open = (name) => new Promise((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const all = (db, store) => new Promise((resolve, reject) => {
      const request = db.transaction(store).objectStore(store).getAll()
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const decoder = new TextDecoder()
    const words = []
    for (const { name } of await indexedDB.databases()) {
      const db = await open(name)
      for (const store of db.objectStoreNames) {
        const rows = (await all(db, store)).filter((row) => row.key !== 'schema')
        words.push(JSON.stringify(rows, (_, value) => (value instanceof Uint8Array ? decoder.decode(value) : value)))
      }
      db.close()
    }
    return words.join('\n')
  })
  expect(text.length > 10_000, `the databases were read: ${text.length} characters`)
  for (const secret of [household.head_name, household.phone, household.address].filter(Boolean)) {
    expect(!text.includes(secret), `${secret} lies in the open`)
  }
  expectEqual(/eyJ[\w-]+\.eyJ/.test(text), false, 'a token in the open')
}
