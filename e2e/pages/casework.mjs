// The console's screens of files: a list, one form for a new one, steps with what must be said.
export class Files {
  /** @param {import('./console.mjs').Console} desk */
  constructor(desk) {
    this.desk = desk
  }

  /** Opens the form of a new file on a screen. */
  async start(screen) {
    await this.desk.at(`${screen}-new`).click()
    await this.desk.at('new').waitFor()
  }

  /** Fills the parts of a form: `step` or `new`. */
  async fill(form, parts) {
    for (const [key, value] of Object.entries(parts)) {
      const part = this.desk.at(`${form}-${key}`)
      const kind = await part.evaluate((element) => element.tagName + (element.type ?? ''))
      if (kind.startsWith('SELECT')) await part.selectOption(value)
      else if (kind === 'INPUTcheckbox') await part.setChecked(value)
      else if (kind.startsWith('DIV')) await this.choose(part, value)
      else await part.fill(String(value))
    }
  }

  /** Several values of a list, by their words. */
  async choose(part, words) {
    await part.click()
    for (const word of words) await this.desk.page.locator('.el-select-dropdown__item:visible', { hasText: word }).first().click()
    await this.desk.page.keyboard.press('Escape')
  }

  /** Finds a household by its head's name in a form's part. */
  async household(form, key, name) {
    await this.desk.at(`${form}-${key}`).click()
    await this.desk.page.keyboard.type(name)
    await this.desk.page.locator('.el-select-dropdown__item:visible', { hasText: name }).first().click()
  }

  async send(form) {
    await this.desk.at(`${form}-send`).click()
  }

  /** Takes one step, and waits until the file stands where it leads; what is closed leaves the list. */
  async step(act, parts, state) {
    await this.desk.at(`step-${act}`).click()
    await this.fill('step', parts)
    await this.send('step')
    if (state) await this.stands(state)
    else await this.desk.page.getByText('已登记：').first().waitFor()
  }

  async stands(state) {
    await this.desk.page.locator(`[data-testid="file-state"][data-state="${state}"]`).waitFor()
  }
}
