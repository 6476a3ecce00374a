// The group monitor as whoever looks at it uses it.
import { expectEqual, until } from '../fixture/until.mjs'

export class Dashboard {
  /** @param {import('./console.mjs').Console} desk */
  constructor(desk) {
    this.desk = desk
  }

  async open() {
    await this.desk.go('dashboard')
    await this.loaded()
  }

  async loaded() {
    await this.desk.page.locator('[data-testid="head-registered"] strong').filter({ hasText: /\d/ }).waitFor()
    await until('every tile has its figures', async () => (await this.desk.page.locator('.el-skeleton').count()) === 0)
  }

  /** A number as it stands there. */
  async value(testid) {
    return Number((await this.desk.at(testid).locator('strong').innerText()).replace(/\D/g, ''))
  }

  /** Opens the list behind a figure, and counts it to its end. */
  async behind(testid, row) {
    await this.desk.at(testid).click()
    await this.desk.at('figure-filter').waitFor()
    await this.desk.at(row).first().waitFor()
    const more = this.desk.at('list-more')
    let rows = 0
    while (await more.count()) {
      rows = await this.desk.at(row).count()
      await more.click()
      await until('more rows', async () => (await this.desk.at(row).count()) > rows || (await more.count()) === 0)
    }
    return this.desk.at(row).count()
  }

  async back() {
    await this.desk.at('figure-back').click()
    await this.loaded()
  }

  async matches(testid, row, figure) {
    const shown = figure ?? (await this.value(testid))
    expectEqual(await this.behind(testid, row), shown, `the list behind ${testid}`)
    await this.back()
  }
}
