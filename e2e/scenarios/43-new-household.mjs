// A household found on the doorstep, without a connection: the ID number fills in
// what it says, somebody already known is pointed out, and the household is visited at once.
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Tablet } from '../pages/tablet.mjs'

const head = '程新来'
const oldNumber = '370281650412311'
const number = (() => {
  const first17 = `37028119${oldNumber.slice(6)}`
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return first17 + '10X98765432'[sum % 11]
})()

scenario('new-household', 'a household found on the doorstep is entered, checked for doubles and visited without a server', async (world) => {
  const server = await world.server({ households: 120 })
  const { household, members } = await server.household((story) => story.members.some((member) => member.alive !== false && member.birth_date))
  const known = members.find((member) => member.alive !== false && member.birth_date)
  const device = await world.profile('tablet', 'tablet')
  const tablet = new Tablet(device, server.url)

  await world.step('sign in and sync', async () => {
    await tablet.signInAndSync('worker@demo.test', password)
    await tablet.untilInstalled()
    await tablet.tab('households')
  })
  await world.step('the server is killed', () => server.kill())
  await world.step('an ID number of 15 digits becomes 18, with birth date and sex', async () => {
    await tablet.at('new-household').click()
    await tablet.at('household-form').waitFor()
    await tablet.at('village-only').waitFor()
    await tablet.at('head-name').fill(head)
    await tablet.at('head-id_number').fill('110105194912310021')
    await tablet.at('save-household').click()
    await tablet.expectText(tablet.at('household-form'), '一位一位核对')
    await world.shot(device, 'wrong-number')
    await tablet.at('head-id_number').fill(oldNumber)
    expectEqual(await tablet.at('head-id_number').inputValue(), number, 'the number in 18 characters')
    expectEqual(await tablet.at('head-birth_date').inputValue(), '1965-04-12', 'the birth date')
    expectEqual(await tablet.at('head-sex-1').getAttribute('aria-checked'), 'true', 'male')
    await tablet.at('household-address').fill('村东头第三家')
  })
  await world.step('a member who is already known in the village is pointed out', async () => {
    await tablet.at('add-other').click()
    await tablet.at('other-0-name').fill(known.name)
    await tablet.at('other-0-birth_date').fill(known.birth_date)
    const twins = tablet.at('others').getByTestId('twins')
    await tablet.page.locator('[data-testid="twins"][data-likeness="birth"]').waitFor()
    await tablet.expectText(twins, known.name)
    await tablet.expectText(twins, household.head_name)
    await twins.scrollIntoViewIfNeeded()
    await world.shot(device, 'twins')
    await tablet.at('other-0-name').fill('程小来')
    await twins.waitFor({ state: 'detached' })
  })
  await world.step('it is saved, in the list, and visited', async () => {
    await tablet.page.evaluate(() => document.scrollingElement.scrollTo(0, 0))
    await world.shot(device, 'form')
    await tablet.at('save-household').click()
    await tablet.at('household').waitFor()
    const id = await tablet.at('household').getAttribute('data-id')
    await tablet.openHousehold({ id, head_name: head })
    await until('two members on its page', async () => (await tablet.at('member-row').count()) === 2)
    await tablet.at('start-visit').click()
    await tablet.at('no-change').click()
    await tablet.at('save-visit').click()
    await tablet.page.locator('[data-testid="visit-row"][data-pending="true"]').waitFor()
    await world.shot(device, 'visited')
  })
  await world.step('the server starts again, and takes all of it', async () => {
    await server.start()
    await tablet.tab('sync')
    await tablet.untilSynced()
    await tablet.expectOutcomes('households', ['applied', 'applied'])
    await tablet.expectOutcomes('members', ['applied', 'applied'])
    await tablet.expectOutcomes('visits', ['applied'])
    const token = await server.token('town@demo.test')
    const { items } = await server.call(`/api/console/v1/households?q=${encodeURIComponent(head)}&limit=10`, { token })
    expect(items.some((item) => item.head_name === head), `the town finds ${head}: ${JSON.stringify(items).slice(0, 200)}`)
  })
})
