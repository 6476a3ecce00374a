// The console as a reviewer uses it.
import { screenMillis, until } from '../fixture/until.mjs'

const id = (name) => `[data-testid="${name}"]`

export class Console {
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

  async open() {
    await this.page.goto(`${this.url}/console/`)
    await this.at('sign-in').waitFor()
  }

  async signIn(account, password) {
    await this.at('sign-in-account').fill(account)
    await this.at('sign-in-password').fill(password)
    await this.at('sign-in-submit').click()
  }

  /** Signed in, at work, and hearing of changes as they come. */
  async enter(account, password) {
    await this.open()
    await this.signIn(account, password)
    await this.page.locator(`${id('live-state')}[data-state="open"]`).waitFor()
  }

  /** @param {'today' | 'reviews' | 'cases' | 'warnings' | 'ops' | 'households' | 'applications' | 'referrals' | 'complaints' | 'devices' | 'inbox' | 'inquiry' | 'dashboard' | 'parameters' | 'indicators' | 'calendar'} screen */
  async go(screen) {
    await this.at(`nav-${screen}`).click()
    await this.page.locator(`${id(`nav-${screen}`)}[aria-current="page"]`).waitFor()
  }

  /** The rows that came in since the list was drawn are put in by a click, as a person does; a list
   * that is drawn anew meanwhile takes its notice away, and whoever waits for a row looks again. */
  async loadWaiting() {
    const notice = this.at('list-waiting')
    if (await notice.isVisible()) await notice.click({ timeout: 2_000 })
  }

  /** Waits for a row of a list that names the household. */
  async untilRow(testid, headName, millis = screenMillis) {
    const row = this.page.locator(id(testid), { hasText: headName })
    await until(`a row about ${headName} in ${testid}`, async () => {
      await this.loadWaiting()
      return (await row.count()) > 0
    }, millis)
    return row
  }

  async openHousehold(household) {
    await this.go('households')
    await this.at('household-search').fill(household.head_name)
    await this.page.locator(`${id('household-row')}[data-household="${household.id}"] ${id('household-link')}`).click()
    await this.at('household-page').waitFor()
  }

  async untilPicturesLoad(images, atLeast) {
    await until(`${atLeast} pictures that load`, async () => {
      const widths = await images.evaluateAll((all) => all.map((image) => image.naturalWidth))
      return (widths.length >= atLeast && widths.every((width) => width > 0)) || Promise.reject(new Error(`widths ${widths}`))
    })
  }
}
