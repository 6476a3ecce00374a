// ID numbers among what waits at the desk: masked in a review and on both sides of a
// conflict, in full for a purpose, and the auditor reads who asked.
import { violations } from '../fixture/axe.mjs'
import { Pusher } from '../fixture/pusher.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Desk } from '../pages/desk.mjs'

/** Two numbers that differ in what a mask hides. */
const [first, second] = ['11010519491231002X', '110105194912310038']

scenario('numbers-in-queues', 'a review and a conflict show an ID number masked, and in full for a purpose', async (world) => {
  const server = await world.server()
  const { household, members } = await server.household((story) => story.members.some((each) => each.id_number?.length === 18))
  const member = members.find((each) => each.id_number?.length === 18)
  const was = { id_number: await server.numberOf(household, member) }
  const [one, other] = [await Pusher.of(server, 'worker@demo.test'), await Pusher.of(server, 'worker@demo.test')]
  await one.push([one.patch('members', member, { id_number: first }, was)])
  await other.push([other.patch('members', member, { id_number: second }, was)], 'conflict')
  const profile = await world.profile('console', 'console')
  const desk = new Desk(profile, server.url)
  const shown = async () => (await desk.page.locator('body').innerText()).replaceAll(/\s/g, '')

  const reveals = async (screen, number) => {
    await desk.go(screen)
    await until('the number is there, masked', async () => (await desk.at('reveal').count()) > 0 && (await shown()).includes('**'))
    expect(!(await shown()).includes(number), 'the number is not in full')
    await desk.at('reveal').first().click()
    await world.shot(profile, screen)
    expectEqual(await violations(profile, screen), [], 'what axe finds')
    await desk.at('reveal-for-identity').click()
    await until('the number in full', async () => (await shown()).includes(number))
    await world.shot(profile, `${screen}-full`)
  }
  await world.step('a review shows it masked, and in full for a purpose', async () => {
    await desk.enter('town@demo.test', password)
    await reveals('reviews', first)
  })
  await world.step('a conflict shows both sides', async () => {
    await reveals('cases', second)
    expect((await shown()).includes(first), 'the other side is in full, too')
  })
})
