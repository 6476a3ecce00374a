// The tablet app as a person uses it. Only what is on the screen; no store, no API.
import { screenMillis, syncMillis, until } from '../fixture/until.mjs'

/** Every scenario's tablets are locked with this one. */
export const passphrase = '258036'

const id = (name) => `[data-testid="${name}"]`

export class Tablet {
  /** @param {import('../fixture/profile.mjs').Profile} profile */
  constructor(profile, url) {
    this.profile = profile
    this.url = url
  }

  get page() {
    return this.profile.page
  }

  at(name) {
    return this.page.locator(id(name))
  }

  /** Opens the app, as it is: a tablet that is locked is unlocked. */
  async open() {
    await this.page.goto(this.url)
    await this.unlockIfLocked()
  }

  async unlockIfLocked() {
    const shown = this.page.locator(['signin-submit', 'unlock-passphrase', 'choose', 'insecure', 'first-sync', 'back', 'tab-today'].map(id).join(', ')).first()
    await shown.waitFor()
    if (await this.at('unlock-passphrase').isVisible()) await this.unlock(passphrase)
  }

  async unlock(secret) {
    await this.at('unlock-passphrase').fill(secret)
    await this.at('unlock-submit').click()
    await this.page.locator(['tab-today', 'back', 'first-sync', 'unlock-fault', 'unlock-wait', 'unlock-spent', 'signin-reason'].map(id).join(', ')).first().waitFor()
  }

  /** Account and password; on a new tablet the passphrase is chosen, on a known one entered. */
  async signIn(account, password) {
    await this.submitSignIn(account, password)
    await this.page.locator(['choose', 'unlock-passphrase', 'tab-today', 'first-sync', 'signin-fault'].map(id).join(', ')).first().waitFor()
    if (await this.at('choose').isVisible()) await this.choosePassphrase(passphrase)
    else if (await this.at('unlock-passphrase').isVisible()) await this.unlock(passphrase)
  }

  /** Sign-in alone, as far as the next screen. */
  async submitSignIn(account, password) {
    if (await this.at('signin-identity').isEditable()) await this.at('signin-identity').fill(account)
    await this.at('signin-password').fill(password)
    await this.at('signin-submit').click()
  }

  /** Twice the same; from the second on, where it was entered once. */
  async choosePassphrase(secret, from = 'choose') {
    for (const step of from === 'choose' ? ['choose', 'repeat'] : ['repeat']) {
      await this.page.locator(`${id('choose')}[data-step="${step}"]`).waitFor()
      await this.at('choose-passphrase').fill(secret)
      await this.at('choose-submit').click()
    }
    await this.at('choose').waitFor({ state: 'detached' })
  }

  /** Signs in on a new device and waits until the whole village is here. */
  async signInAndSync(account, password) {
    await this.open()
    await this.signIn(account, password)
    await this.at('today').waitFor({ timeout: syncMillis })
    await this.tab('sync')
    await this.untilSynced()
  }

  /** The app is on the device: the service worker holds the page and every script. */
  async untilInstalled() {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
      if (navigator.serviceWorker.controller) return
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
    })
  }

  /** Signs in, downloads all, keeps the app; then the server is killed. */
  async signInThenAlone(server, account, password) {
    await this.signInAndSync(account, password)
    await this.untilInstalled()
    await server.kill()
  }

  /** @param {'today' | 'households' | 'sync' | 'me'} name */
  async tab(name) {
    const way = this.page.locator(`${id('back')}, ${id(`tab-${name}`)}`).first()
    for (await way.waitFor(); !(await this.at(`tab-${name}`).isVisible()); await way.waitFor()) {
      await this.at('back').click()
    }
    await this.at(`tab-${name}`).click()
  }

  async openHousehold(household) {
    await this.tab('households')
    await this.at('household-search').fill(household.head_name)
    await this.page.locator(`${id('household-row')}[data-id="${household.id}"]`).click()
    await this.page.locator(`${id('household')}[data-id="${household.id}"]`).waitFor()
  }

  /** The list's row at this place: it is drawn as far as it is looked at. */
  async householdRow(at) {
    const rows = this.at('household-row')
    for (let count = await rows.count(); count <= at; count = await rows.count()) {
      await this.at('more-rows').scrollIntoViewIfNeeded()
      await until('more rows of the list', async () => (await rows.count()) > count)
    }
    return rows.nth(at)
  }

  async income() {
    return Number((await this.at('household-income').innerText()).replace(/[^\d.]/g, ''))
  }

  async untilIncome(expected, millis = syncMillis) {
    await until(`${this.profile.name}: income ${expected} on the household's page`, async () => {
      const shown = await this.income()
      return shown === expected ? true : Promise.reject(new Error(`the page shows ${shown}`))
    }, millis)
  }

  /** What was entered in the open form is on disk: from here on a killed browser loses none of it. */
  async untilKept() {
    await this.page.locator('main[data-draft][data-kept="true"]').waitFor()
  }

  /** Draws a signature: two strokes of the pen. */
  async sign(testid = 'signature') {
    await this.at(`${testid}-open`).click()
    const pad = this.at(testid)
    await pad.scrollIntoViewIfNeeded()
    const box = await pad.boundingBox()
    for (const stroke of [[[0.2, 0.3], [0.35, 0.75], [0.5, 0.25]], [[0.55, 0.6], [0.7, 0.35], [0.8, 0.7]]]) {
      const points = stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height])
      await this.page.mouse.move(...points[0])
      await this.page.mouse.down()
      for (const point of points.slice(1)) await this.page.mouse.move(...point, { steps: 8 })
      await this.page.mouse.up()
    }
    await this.page.locator(`${id(testid)}[data-signed="true"]`).waitFor()
  }

  /** Chooses a picture file, as from the gallery; waits until it is kept. */
  async addPhoto(file) {
    const before = await this.at('photo-thumb').count()
    await this.at('photo-input').setInputFiles(file)
    await until('the chosen photo in the form', async () => (await this.at('photo-thumb').count()) === before + 1)
    await this.untilPicturesLoad(this.at('photo-thumb').locator('img'))
  }

  /** Each picture is really drawn, not a broken image. */
  async untilPicturesLoad(images) {
    await until('pictures that load', async () => {
      const widths = await images.evaluateAll((all) => all.map((image) => image.naturalWidth))
      return widths.length > 0 && widths.every((width) => width > 0)
    })
  }

  /** One edit of the household's fields, saved. */
  async editHousehold(fields) {
    await this.at('edit-household').click()
    await this.at('edit-form').waitFor()
    for (const [name, value] of Object.entries(fields)) {
      await this.page.locator(`[data-field="${name}"] input`).fill(String(value))
    }
    await this.at('save-edit').click()
    await this.at('household').waitFor()
  }

  /** Waiting edits by type, oldest first, as the sync page lists them. */
  async waitingOps() {
    const ops = this.at('outbox').locator(id('op'))
    return (await ops.evaluateAll((all) => all.map((op) => op.dataset.type))).reverse()
  }

  async waiting() {
    return Number(await this.at('sync-state').getAttribute('data-waiting'))
  }

  /** On the sync page: nothing waits, by itself, without a tap. */
  async untilSynced(millis = syncMillis) {
    await this.at('sync-page').waitFor({ timeout: screenMillis })
    await until(`${this.profile.name}: the sync page says that all is sent`, async () => {
      const state = this.at('sync-state')
      const [name, waiting] = [await state.getAttribute('data-state'), await state.getAttribute('data-waiting')]
      return (name === 'done' && waiting === '0') || Promise.reject(new Error(`state ${name}, ${waiting} waiting`))
    }, millis)
  }

  /** What became of the edits of one type, newest first. */
  async outcomes(type) {
    const ops = this.at('sync-page').locator(`${id('op')}[data-type="${type}"]`)
    return ops.evaluateAll((all) => all.map((op) => op.dataset.outcome))
  }

  /** The list of edits is read beside the state above it, and may come a moment later. */
  async expectOutcomes(type, expected) {
    const wanted = JSON.stringify(expected)
    await until(`${this.profile.name}: outcomes of ${type} on the sync page ${wanted}`, async () => {
      const shown = JSON.stringify(await this.outcomes(type))
      return shown === wanted || Promise.reject(new Error(`it shows ${shown}`))
    })
  }

  async expectText(locator, text) {
    await until(`${this.profile.name}: "${text}" on the screen`, async () => {
      const shown = await locator.innerText()
      return shown.includes(text) || Promise.reject(new Error(`it shows: ${shown.slice(0, 300)}`))
    })
  }
}
