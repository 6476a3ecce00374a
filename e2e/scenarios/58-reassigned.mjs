// Acceptance case 23: while the tablet is away, a household is given to another
// village. What was recorded of it, and what was half written, is neither lost nor
// silently paid less: the worker sees where each edit went, and why.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const villages = ['370281102200', '370281102220']
const words = '写到一半，这户就调走了。'

scenario('reassigned', 'a household is reassigned while the tablet is away: its edits are held in sight, half a form still arrives, then the copy goes', async (world) => {
  const server = await world.server({ households: 120 })
  const fits = (story) => story.household.monthly_income >= 1000 && story.household.state === 'active'
  const { household: moved } = await server.household(fits)
  const { household: kept } = await server.household((story) => fits(story) && story.household.id !== moved.id)
  const away = villages.find((code) => code !== moved.region)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('without a server two households are edited, and half a visit is written', async () => {
    await tablet.signInThenAlone(server, 'worker@demo.test', password)
    for (const household of [kept, moved]) {
      await tablet.openHousehold(household)
      await tablet.editHousehold({ monthly_income: household.monthly_income + 5 })
    }
    await tablet.at('start-visit').click()
    await tablet.at('visit-form').waitFor()
    await tablet.at('no-change').click()
    await tablet.at('conclusion').fill(words)
    await tablet.untilKept()
    await tablet.tab('today')
    await device.close()
  })
  await world.step('the town gives one of them to another village', async () => {
    await server.start()
    const result = await server.patch('town@demo.test', 'households', moved, { region: away }, { region: moved.region })
    expect(['applied', 'merged'].includes(result.outcome), `the town may: ${JSON.stringify(result)}`)
  })
  await world.step('the tablet comes back: one edit is accepted, the other told with its reason', async () => {
    await device.open()
    await tablet.open()
    await tablet.tab('sync')
    await tablet.untilSynced()
    const counts = tablet.at('counts')
    await until('the account of both edits', async () => (await counts.getAttribute('data-recorded')) === '2' && (await counts.getAttribute('data-unaccepted')) === '1')
    expectEqual(await counts.getAttribute('data-accepted'), '1', 'edits that were accepted')
    const held = tablet.at('attention').locator('[data-testid="op"][data-outcome="held"]')
    await held.waitFor()
    await tablet.expectText(held, moved.head_name)
    await world.shot(device, 'told')
  })
  await world.step('half the visit is still there, is finished, and goes to the town, too', async () => {
    await tablet.tab('today')
    await tablet.at('draft-row').first().click()
    await until('the words of the form', async () => (await tablet.at('conclusion').inputValue()) === words)
    await world.shot(device, 'draft')
    await tablet.at('save-visit').click()
    await tablet.at('visit-form').waitFor({ state: 'detached' })
    await world.shot(device, 'saved')
    await tablet.tab('sync')
    // The visit itself is taken, and is at home with its author and the town; what it says of the household is held.
    await until('the account of all four', async () => (await tablet.at('counts').getAttribute('data-recorded')) === '4' && (await tablet.at('counts').getAttribute('data-waiting')) === '0')
    expectEqual(await tablet.at('counts').getAttribute('data-accepted'), '2', 'edits that were accepted')
    await world.shot(device, 'account')
  })
  await world.step('the town has both; the household is gone from the list', async () => {
    const token = await server.token('town@demo.test')
    const { items } = await server.call('/api/sync/v1/ops?outcome=held', { token })
    expect(JSON.stringify(items).includes(String(moved.monthly_income + 5)), `the income is held at the town: ${JSON.stringify(items).slice(0, 400)}`)
    const visits = (await server.pulled('town@demo.test')).filter((change) => change.record?.conclusion === words)
    expectEqual(visits.length, 1, 'visits with these words that the town has')
    await tablet.tab('households')
    await tablet.at('household-search').fill(moved.head_name)
    await until('the list without it', async () => (await tablet.page.locator(`[data-testid="household-row"][data-id="${moved.id}"]`).count()) === 0)
    await tablet.at('household-search').fill(kept.head_name)
    await tablet.page.locator(`[data-testid="household-row"][data-id="${kept.id}"]`).waitFor()
  })
})
