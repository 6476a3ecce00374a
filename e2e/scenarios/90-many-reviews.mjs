// 5,000 open reviews, and two reviewers on one of them: the list opens and is walked by
// key, what changes meanwhile moves nothing, photos stand side by side, and who comes
// second is told at once, overwrites nothing and keeps what was written.
import { violations } from '../fixture/axe.mjs'
import { Pusher } from '../fixture/pusher.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'

const homes = 450
const days = 10
const found = '屋顶被大风掀开，老人暂住邻居家。'
const typed = '照片看不清屋顶，请在白天重拍。'

/** A visit with photos and an urgent report. */
async function queue(server, { household, photos }) {
  const worker = await Pusher.of(server, 'worker@demo.test', { fastMillis: 2 * 3_600_000 })
  const old = await fetch(`${server.url}/api/sync/v1/photos/${photos[0].id}?size=screen`, { headers: { Authorization: `Bearer ${await server.token('town@demo.test')}` } })
  const bytes = Buffer.from(await old.arrayBuffer())
  const [visit, report] = [Pusher.id(), Pusher.id()]
  const shots = [['房屋外观', visit], ['屋顶', report], ['屋内', report]].map(([caption, owner]) => ({ id: Pusher.id(), caption, owner, owner_type: owner === visit ? 'visits' : 'status_changes' }))
  await worker.push([
    worker.create('visits', { household: household.id, kind: 'routine', visited_on: chinaDay(), conclusion: found }, visit),
    worker.create('status_changes', { household: household.id, kind: 'disaster', happened_on: '2026-11-20', detail: '大风' }, report),
    worker.patch('households', household, { monthly_income: household.monthly_income + 300 }, { monthly_income: household.monthly_income }),
    ...shots.map(({ id, ...photo }) => worker.create('photos', { ...photo, sha256: Pusher.digest(bytes), bytes: bytes.length, taken_at: new Date().toISOString() }, id)),
  ])
  for (const { id } of shots) await worker.upload(id, bytes, old.headers.get('content-type'))
  return worker
}

/** Thousands more, of hundreds of households. */
async function flood(server, worker) {
  const { scope } = (await server.call('/api/collections/users/auth-with-password', { method: 'POST', body: { identity: 'worker@demo.test', password } })).record
  const made = Array.from({ length: homes }, (_, at) => ({ id: Pusher.id(), head_name: `程家${at + 1}` }))
  const day = (at) => new Date(Date.now() - (days - at) * 86_400_000).toISOString()
  const ops = made.map(({ id, head_name }) => worker.create('households', { region: scope.areas[0], head_name }, id, day(0)))
  for (let at = 1; at <= days; at++) for (const { id } of made) ops.push(worker.create('status_changes', { household: id, kind: 'other', happened_on: day(at).slice(0, 10), detail: `第${at}次走访` }, Pusher.id(), day(at)))
  await worker.push(ops)
}

/** How long each press of a key takes until the screen has been drawn. */
async function walked(page, key, times) {
  await page.evaluate(() => {
    window.drawn = []
    window.addEventListener('keydown', () => {
      const began = performance.now()
      requestAnimationFrame(() => setTimeout(() => window.drawn.push(performance.now() - began)))
    }, { capture: true })
  })
  for (let n = 0; n < times; n++) await page.keyboard.press(key)
  await until(`${times} steps drawn`, () => page.evaluate((n) => window.drawn.length >= n, times))
  const millis = (await page.evaluate(() => window.drawn.splice(0))).sort((a, b) => a - b)
  return { median: Math.round(millis[millis.length >> 1]), worst: Math.round(millis.at(-1)) }
}

scenario('many-reviews', 'among 5,000 open reviews the keys stay quick and the place is kept; of two reviewers the second is told at once', async (world) => {
  const server = await world.server()
  const story = await server.household(({ household, photos, warnings }) => household.monthly_income > 500 && photos.length > 0 && warnings.length === 0)
  const worker = await queue(server, story)
  const [one, two] = await Promise.all(['town', 'county'].map((name) => world.profile(name, 'console')))
  const [town, county] = [new Console(one, server.url), new Console(two, server.url)]
  const chosen = (desk) => desk.page.locator('[data-testid="review-item"][aria-current="true"]').getAttribute('data-op')
  const rows = (desk) => desk.at('review-item').count()
  const axe = []
  let reviews = 0

  await world.step('photos are looked at side by side, with the visit’s words, by key', async () => {
    await town.enter('town@demo.test', password)
    await town.go('reviews')
    await town.at('photo').nth(2).waitFor()
    await world.shot(one, 'review')
    axe.push(...(await violations(one, 'a review')))
    await town.page.keyboard.press('p')
    await town.at('photo-viewer').waitFor()
    await town.page.keyboard.press('s')
    await until('two photos side by side', async () => (await town.at('photo-large').count()) === 2)
    await town.page.keyboard.press('2')
    for (const key of [']', '+', '+']) await town.page.keyboard.press(key)
    await until('the second is turned', async () => (await town.at('photo-large').nth(1).getAttribute('style')).includes('rotate(90deg)'))
    expect((await town.at('photo-large').first().getAttribute('style')).includes('rotate(0deg)'), 'the first is not')
    expect((await town.at('photo-notes').innerText()).includes(found), 'the words of the visit stand beside')
    await world.shot(one, 'pair')
    axe.push(...(await violations(one, 'photos side by side')))
    await town.page.keyboard.press('Escape')
    await town.at('photo-viewer').waitFor({ state: 'detached' })
  })
  await world.step('5,000 come in: the reader’s place stays, and the list opens with what is urgent first', async () => {
    const before = await chosen(town)
    await flood(server, worker)
    reviews = (await server.call('/api/console/v1/summary', { token: await server.token('town@demo.test') })).reviews
    expect(reviews > 4_900, `${reviews} reviews wait`)
    await town.at('list-waiting').waitFor()
    expectEqual(await chosen(town), before, 'what is chosen')
    const began = Date.now()
    await town.at('list-waiting').click()
    await until('a long list', async () => (await rows(town)) > 1_000)
    world.say(`      ${await rows(town)} of ${reviews} rows stand after ${Date.now() - began} ms`)
    expect((await town.at('review-group').first().innerText()).includes(story.household.head_name), 'the urgent visit is the first')
    await world.shot(one, 'list')
  })
  await world.step('the keys walk it, and the pages behind', async () => {
    const some = await walked(town.page, 'j', 20)
    for (let before = await rows(town); await town.at('list-more').isVisible(); before = await rows(town)) {
      await town.at('list-more').click()
      await until('more rows', async () => (await rows(town)) > before)
    }
    expectEqual(await rows(town), reviews, 'rows of the whole queue')
    const all = await walked(town.page, 'j', 20)
    world.say(`      a step of the keys: median ${some.median} ms, worst ${some.worst} ms; with all ${reviews} rows ${all.median} ms, ${all.worst} ms`)
  })
  await world.step('what comes in meanwhile moves nothing', async () => {
    const place = () => town.page.evaluate(() => document.querySelector('[data-testid="review-list"]').closest('.rows').scrollTop)
    const [before, at] = [await chosen(town), await place()]
    expect(at > 0, 'the reader is somewhere down the list')
    await worker.push([worker.create('status_changes', { household: story.household.id, kind: 'other', happened_on: '2026-11-21', detail: '又来一条' })])
    await town.at('list-waiting').waitFor()
    expectEqual([await chosen(town), await place()], [before, at], 'what is chosen, and where the list stands')
  })
  await world.step('two open the same; the second writes a reason, the first accepts', async () => {
    await county.enter('county@demo.test', password)
    await county.page.goto(`${server.url}/console/reviews/${await chosen(town)}`)
    await county.at('review-detail').waitFor()
    await until('the same is chosen', async () => (await chosen(county)) === (await chosen(town)))
    await county.page.keyboard.press('r')
    await county.at('reason-text').fill(typed)
    await town.page.keyboard.press('a')
    await county.at('reason-late').waitFor()
    expectEqual(await county.at('reason-text').inputValue(), typed, 'what was written')
    expect(await county.at('reason-submit').isDisabled(), 'it cannot be sent any more')
    await world.shot(two, 'late')
    const op = await chosen(county)
    await county.page.keyboard.press('Escape')
    await county.at('review-decided').waitFor()
    await county.page.keyboard.press('a')
    const { items } = await server.call('/api/sync/v1/reviews?state=accepted&limit=10', { token: await server.token('town@demo.test') })
    expectEqual(items.map((item) => item.op), [op], 'decided once, by the first')
    await world.shot(one, 'accepted')
  })
  expectEqual(axe, [], 'what axe finds')
})
