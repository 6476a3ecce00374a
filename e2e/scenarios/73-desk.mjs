// The town's desk: a household is found from any screen by what people type, and the
// list of households is narrowed, kept and sent to a colleague.
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Desk } from '../pages/desk.mjs'

scenario('desk', 'a town finds a household by name, pinyin and ID number, and keeps a question', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household((story) => story.members.some((m) => m.id_number?.length === 18 && m.name !== story.household.head_name))
  const member = members.find((m) => m.id_number?.length === 18 && m.name !== household.head_name)
  const number = await server.numberOf(household, member)
  const profile = await world.profile('console', 'console')
  const desk = new Desk(profile, server.url)
  const address = () => new URL(desk.page.url())

  await world.step('the day comes first, in one order, and what was opened leads back to its place; a name is sought from any screen', async () => {
    await desk.enter('town@demo.test', password)
    await desk.at('today-item').first().waitFor()
    await world.shot(profile, 'today')
    expectEqual(await violations(profile, 'the day'), [], 'what axe finds')
    const urgencies = await desk.at('today-item').evaluateAll((all) => all.map((row) => Number(row.dataset.urgency)))
    expectEqual(urgencies, [...urgencies].sort(), 'one order of urgency')
    for (let n = 0; n < 3; n++) await desk.page.keyboard.press('j')
    const chosen = await desk.page.locator('[data-testid="today-item"][aria-current="true"]').getAttribute('data-key')
    expect(chosen !== (await desk.at('today-item').first().getAttribute('data-key')), 'the keys walk the list')
    await desk.page.keyboard.press('o')
    await desk.at('back-to-today').click()
    await desk.page.locator(`[data-testid="today-item"][aria-current="true"][data-key="${chosen}"]`).waitFor()
    await desk.go('warnings')
    await desk.seekUntil(household.head_name, 'search-household', household.head_name)
    await world.shot(profile, 'search')
    expectEqual(await violations(profile, 'the search'), [], 'what axe finds')
    await desk.seekUntil(number, 'search-household', household.head_name)
    await until('the one household of the number', async () => (await desk.at('search-household').count()) === 1)
    await desk.page.keyboard.press('Enter')
    await desk.at('household-page').waitFor()
    expect(address().pathname.endsWith(household.id), 'the household of that number is open')
  })
  await world.step('a place leads to its households', async () => {
    const place = (household.region_name ?? '').replace(/^.*[镇街道办处]/, '')
    await (await desk.seekUntil(place, 'search-place', place)).click()
    await desk.listed((rows) => rows.length > 0 && rows.every((row) => row.includes(place)))
    expect(address().searchParams.get('area')?.length === 12, 'the village stands in the address')
  })
  await world.step('the list takes an ID number, and keeps it out of the address', async () => {
    await desk.at('filter-clear').click()
    await desk.at('household-search').fill(number)
    await desk.listed((rows) => rows.length === 1 && rows[0].includes(household.head_name))
    expect(!desk.page.url().includes(number), 'the number stands in no address')
    await desk.at('household-search').fill('37028119')
    await desk.listed((rows) => rows.length === 0)
  })
  await world.step('it is narrowed, kept under a name, and found again', async () => {
    await desk.at('household-search').fill('')
    await desk.choose('filter-warnings', '有预警')
    await desk.at('filter-overdue').click()
    await until('both stand in the address', async () => address().searchParams.get('warnings') === 'any' && address().searchParams.get('indicator') === 'V1')
    await desk.listed((rows) => rows.every((row) => row.includes('预警')))
    await world.shot(profile, 'list')
    expectEqual(await violations(profile, 'the list of households'), [], 'what axe finds')
    await desk.at('saved-views').click()
    await desk.at('saved-save').click()
    await desk.at('saved-name').fill('走访逾期')
    await desk.at('saved-submit').click()
    await desk.at('filter-clear').click()
    await until('no condition', async () => address().search === '')
    await desk.at('saved-views').click()
    await desk.page.locator('[data-testid="saved-view"]', { hasText: '走访逾期' }).click()
    await until('the question again', async () => address().searchParams.get('indicator') === 'V1')
  })
  await world.step('a colleague who follows the link sees the same', async () => {
    const shown = await (await desk.listed(() => true)).count()
    await desk.page.goto(desk.page.url())
    await desk.listed((rows) => rows.length === shown)
    expectEqual(await desk.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing hangs over the side')
  })
})
