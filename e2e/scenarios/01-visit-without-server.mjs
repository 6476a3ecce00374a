// The product's promise: a visit recorded while the server is dead survives the
// browser's end, and reaches the town by itself, photo and warning included.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { Tablet } from '../pages/tablet.mjs'

const conclusion = '主要劳动力去世，收入骤减；已宣传临时救助政策，家属愿意申请。'
const detail = '因病去世，家中失去主要收入来源。'

const hasEarner = ({ household, members, warnings }) =>
  household.monthly_income >= 1500 && members.length >= 3 && warnings.length === 0 &&
  members.some((member) => member.earner && member.alive !== false)

scenario('visit', 'a visit recorded without a server reaches the town, photo and warning included', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household(hasEarner)
  const earner = members.find((member) => member.earner && member.alive !== false)
  const reduced = Math.round(household.monthly_income * 0.3)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    await world.shot(device, 'synced')
    await tablet.tab('today')
    await world.shot(device, 'today')
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('a visit with photo, signature and an income change is recorded', () =>
    recordVisit({ world, device, tablet, household, reduced }))
  await world.step('the death of the main earner is reported', () => reportDeath({ world, device, tablet, earner }))

  await world.step('the browser is closed and opened again, the server still dead', async () => {
    await device.close()
    await device.open()
    await tablet.open()
    await expectAllKept({ world, device, tablet, household, reduced })
  })
  await world.step('the server starts again, and everything syncs by itself', async () => {
    await server.start()
    await tablet.untilSynced()
    for (const type of ['visits', 'households', 'status_changes']) {
      await tablet.expectOutcomes(type, ['applied'])
    }
    expectEqual(await tablet.at('attention').getAttribute('data-count'), '0', 'edits that need attention')
    await world.shot(device, 'sent')
  })
  await world.step("the town's console shows all of it", () => expectInConsole({ world, server, household, earner, reduced }))
  await world.step('the warning comes back to the tablet', async () => {
    await tablet.openHousehold(household)
    await tablet.at('household-todo').locator('.tag-red').first().waitFor()
    await world.shot(device, 'warned')
  })
})

async function recordVisit({ world, device, tablet, household, reduced }) {
  await tablet.openHousehold(household)
  await world.shot(device, 'household')
  await tablet.at('start-visit').click()
  await tablet.at('visit-form').waitFor()
  await tablet.at('has-change').click()
  await tablet.at('change-income').click()
  await tablet.at('household-monthly_income').fill(String(reduced))
  await tablet.sign()
  await tablet.at('conclusion').fill(conclusion)
  await tablet.addPhoto(await photoFile(tablet.page, 'house.jpg'))
  await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
  await world.picture(device, 'tablet.png')
  await tablet.at('save-visit').click()
  await tablet.at('household').waitFor()
}

async function reportDeath({ world, device, tablet, earner }) {
  await tablet.at('report-change').click()
  await tablet.at('kind-death').click()
  await tablet.at(`status-member-${earner.id}`).click()
  await tablet.at('status-detail').fill(detail)
  await tablet.at('triggers').locator('.tag-red').waitFor()
  await world.shot(device, 'death')
  await tablet.at('save-status').click()
  await tablet.at('household').waitFor()
}

async function expectAllKept({ world, device, tablet, household, reduced }) {
  await tablet.openHousehold(household)
  await tablet.untilIncome(reduced)
  const visit = tablet.page.locator('[data-testid="visit-row"][data-pending="true"]')
  await tablet.expectText(visit, conclusion)
  await tablet.untilPicturesLoad(visit.locator('img'))
  await tablet.expectText(tablet.at('household-changes'), detail)
  await world.shot(device, 'reopened')
  await tablet.tab('sync')
  await tablet.at('outbox').waitFor()
  expectEqual((await tablet.waitingOps()).sort(), ['households', 'status_changes', 'visits'], 'edits that wait')
  expectEqual(await tablet.at('sync-photos').getAttribute('data-count'), '2', 'photos that wait')
  await tablet.untilPicturesLoad(tablet.at('sync-photos').locator('img'))
  await world.shot(device, 'waiting')
}

async function expectInConsole({ world, server, household, earner, reduced }) {
  const profile = await world.profile('console', 'console')
  const desk = new Console(profile, server.url)
  await desk.enter('town@demo.test', password)

  await desk.go('warnings')
  const warnings = await desk.untilRow('warning-item', household.head_name)
  await warnings.filter({ has: desk.page.locator('[data-level="red"]'), hasText: '主要劳动力' }).click()
  await desk.at('warning-detail').locator('[data-level="red"]').waitFor()
  await desk.at('warning-title').filter({ hasText: '主要劳动力' }).waitFor()
  await desk.page.locator('dd', { hasText: new RegExp(`^\\s*${earner.name}\\s*$`) }).waitFor()
  await world.shot(profile, 'warning')

  await desk.go('reviews')
  const group = await desk.untilRow('review-group', household.head_name)
  const cards = desk.at('review-card')
  await group.getByTestId('review-item').first().click()
  await desk.at('change-monthly_income').waitFor()
  const change = await desk.at('change-monthly_income').innerText()
  for (const value of [household.monthly_income, reduced]) {
    expect(change.replaceAll(',', '').includes(String(value)), `the change to review shows ${value}: ${change}`)
  }
  await until('a change and a status change to review', async () => (await cards.count()) >= 2)
  await until('the photo beside the change', async () => (await desk.at('photo').count()) > 0)
  await desk.untilPicturesLoad(desk.at('photo').locator('img'), 1)
  await world.picture(profile, 'console.png')

  await desk.openHousehold(household)
  const visit = desk.at('visits-entry').filter({ hasText: conclusion })
  await desk.untilPicturesLoad(visit.locator('img'), 2)
  await visit.getByTestId('signature').waitFor()
  await visit.scrollIntoViewIfNeeded()
  await world.shot(profile, 'visit')
}
