// What a reviewer has at every screen: the search.
import { until } from '../fixture/until.mjs'
import { Console } from './console.mjs'

export class Desk extends Console {
  /** Opens the search by its key and types; the answer to what was typed is there. */
  async seek(text) {
    if (!(await this.at('search-dialog').isVisible())) {
      await this.page.keyboard.press('/')
      await this.at('search-dialog').waitFor()
    }
    await this.at('search-box').fill(text)
  }

  async seekUntil(text, testid, what) {
    await this.seek(text)
    const lines = this.page.locator(`[data-testid="${testid}"]`, { hasText: what })
    await lines.first().waitFor()
    return lines.first()
  }

  /** The households that the list shows, once it shows some that fit and no longer asks. */
  async listed(fits) {
    const rows = this.page.locator('[data-testid="household-row"]')
    await until('a list that fits', async () => (await this.page.locator('[aria-busy="true"]').count()) === 0 && fits(await rows.evaluateAll((all) => all.map((row) => row.textContent ?? ''))))
    return rows
  }

  /** Chooses an option of a filter by what it says. */
  async choose(filter, option) {
    await this.at(filter).click()
    await this.page.getByRole('option', { name: option, exact: true }).filter({ visible: true }).click()
  }
}
