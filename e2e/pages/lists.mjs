// Departments' lists as the data centre, the county and a town use them.
import { Console } from './console.mjs'

export class Lists extends Console {
  /** Signed in where nothing is heard of live: the data centre sees no household. */
  async enterQuietly(account, password, screen) {
    await this.open()
    await this.signIn(account, password)
    await this.go(screen)
  }

  async pickSource(label) {
    await this.at('source-item').filter({ hasText: label }).first().click()
    await this.at('source-detail').locator('h2', { hasText: label }).waitFor()
  }

  async chooseFile(name, text) {
    await this.at('hand-in-file-input').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  }

  /** The rows of the table of columns are laid by hand. */
  async lay(mapping) {
    for (const [field, heading] of Object.entries(mapping)) await this.at(`mapping-${field}`).selectOption(heading)
  }

  async handIn(period) {
    await this.at('hand-in-period').fill(period)
    await this.at('hand-in-send').click()
    await this.at('hand-in-done').waitFor()
    await this.at('hand-in-link').click()
    await this.page.locator('[data-testid="batch-state"][data-state="done"]').waitFor()
  }
}
