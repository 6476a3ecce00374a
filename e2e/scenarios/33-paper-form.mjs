// The paper 入户走访记录表 of a sent visit and of one half-finished: one A4 page,
// ID numbers masked, the drawn signature in its place.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const words = '家中平稳，按时服药。'

scenario('paper-form', 'a visit made without a server prints as the paper form, signed and masked', async (world) => {
  const server = await world.server({ households: 120 })
  const { household, members } = await server.household((story) => story.members.length >= 2)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const pages = async () => {
    const pdf = await tablet.page.pdf({ preferCSSPageSize: true, printBackground: true })
    return (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length
  }
  await world.step('sign in, sync, and the server is killed', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
  })
  await world.step('a half-finished visit prints with what it has', async () => {
    await tablet.openHousehold(household)
    await tablet.at('start-visit').click()
    await tablet.at('visit-form').waitFor()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(words)
    await tablet.sign()
    await tablet.at('back').click()
    await tablet.at('household-drafts').getByRole('link', { name: '打印' }).click()
    await tablet.expectText(tablet.at('sheet'), words)
    await world.shot(device, 'draft')
    await tablet.at('back').click()
  })
  await world.step('the sent visit prints on one page, signed, with masked numbers', async () => {
    await tablet.at('start-visit').click()
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await tablet.at('print-visit').first().click()
    await tablet.at('sheet').waitFor()
    const sheet = await tablet.at('sheet').innerText()
    for (const text of [words, household.head_name, ...members.filter((member) => member.alive !== false).map((member) => member.name)]) {
      expect(sheet.includes(text), `the form shows ${text}: ${sheet.slice(0, 300)}`)
    }
    expect(!/\d{17}[\dXx]/.test(sheet), 'no whole ID number stands on the form')
    await tablet.untilPicturesLoad(tablet.at('sheet-signature').locator('img'))
    await world.shot(device, 'sheet')
    await tablet.page.emulateMedia({ media: 'print' })
    expect(!(await tablet.at('print').isVisible()), 'the button is not printed')
    await world.shot(device, 'printed')
    expectEqual(await pages(), 1, 'A4 pages')
  })
})
