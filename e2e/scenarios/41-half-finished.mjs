// Several visits half finished, the browser killed in mid-form, the server dead: all
// come back as they were, and all arrive. Changes in several items and in who lives there.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { photoFile } from '../fixture/photo.mjs'
import { expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const first = '写到一半，收入和住房都有变化'
const second = '另一家也写到一半'
const baby = '王小满'

scenario('half-finished', 'half-finished visits outlive a killed browser, with changes and a new member', async (world) => {
  const server = await world.server({ households: 120 })
  const wide = (story) => story.members.filter((member) => member.alive !== false).length >= 2 && story.household.monthly_income > 1000
  const one = await server.household(wide)
  const two = await server.household((story) => wide(story) && story.household.id !== one.household.id)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)
  const income = one.household.monthly_income - 500

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('a visit with changes in several items is begun', () => beginVisit({ world, device, tablet, one, income }))
  await world.step('somebody was born: entered from the visit, and reported with it', () => joinMember({ world, device, tablet }))
  await world.step('a second visit is begun in another household', async () => {
    await tablet.openHousehold(two.household)
    await tablet.at('start-visit').click()
    await tablet.at('has-change').click()
    await tablet.at('change-health').click()
    await tablet.at('conclusion').fill(second)
    await tablet.untilKept()
  })
  await world.step('the browser is killed in mid-form, and started again', async () => {
    await device.kill()
    await device.open()
    await tablet.open()
    await tablet.at('drafts').waitFor()
    await until('two half-finished visits', async () => (await tablet.at('draft-row').count()) === 2)
    await world.shot(device, 'drafts')
  })
  await world.step('both forms are there as they were', async () => {
    await tablet.at('draft-row').filter({ hasText: two.household.head_name }).click()
    await tablet.at('resumed').waitFor()
    expectEqual(await tablet.at('conclusion').inputValue(), second, 'the second note')
    await tablet.at('panel-health').waitFor()
    await tablet.at('save-visit').click()
    await tablet.openHousehold(one.household)
    await tablet.at('start-visit').click()
    await tablet.at('resumed').waitFor()
    expectEqual(await tablet.at('conclusion').inputValue(), first, 'the first note')
    expectEqual(await tablet.at('household-monthly_income').inputValue(), String(income), 'the new income')
    await tablet.untilPicturesLoad(tablet.at('photo-thumb').locator('img'))
    await world.shot(device, 'restored')
    await tablet.at('save-visit').click()
    await tablet.at('household').waitFor()
    await tablet.untilIncome(income)
  })
  await world.step('the server starts again, and everything is taken', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('visits', ['applied', 'applied'])
    await tablet.expectOutcomes('members', ['applied'])
    await tablet.expectOutcomes('status_changes', ['applied'])
    expectEqual(await tablet.at('attention').getAttribute('data-count'), '0', 'edits that need attention')
    const story = await server.call(`/api/console/v1/households/${one.household.id}`, { token: await server.token('town@demo.test') })
    expectEqual(story.members.filter((member) => member.name === baby).length, 1, 'the new member at the town')
    const visit = story.visits.find((known) => known.conclusion === first)
    expectEqual([...visit.changes].sort(), ['housing', 'income', 'members'], 'the changes of the visit')
    expectEqual(story.household.housing_grade, 'C', 'the grade of the house at the town')
  })
})

async function beginVisit({ world, device, tablet, one, income }) {
  await tablet.openHousehold(one.household)
  await tablet.at('start-visit').click()
  await tablet.at('has-change').click()
  for (const item of ['members', 'income', 'housing']) await tablet.at(`change-${item}`).click()
  await tablet.at('household-monthly_income').fill(String(income))
  await tablet.at('household-housing_grade-C').click()
  await tablet.at('conclusion').fill(first)
  await tablet.addPhoto(await photoFile(tablet.page, 'half-finished.jpg'))
  await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
  await world.shot(device, 'changes')
  await tablet.at('panel-members').scrollIntoViewIfNeeded()
  await world.shot(device, 'members')
}

async function joinMember({ world, device, tablet }) {
  await tablet.at('join-birth').click()
  await tablet.at('edit-form').waitFor()
  await tablet.at('field-name').fill(baby)
  await world.shot(device, 'born')
  await tablet.at('save-edit').click()
  await tablet.at('visit-form').waitFor()
  await tablet.at('resumed').waitFor()
}
