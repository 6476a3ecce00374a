// Every screen of the console, as its table lists them, by keyboard alone: the skip link,
// the menu, each stop of the Tab key seen and marked, Escape, and what axe finds.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { top } from '../fixture/tools.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'
import { Console } from '../pages/console.mjs'
import { focused, wideness } from '../pages/office.mjs'

/** Who is signed in for a role of the table. */
const accounts = { town: 'town', county: 'county', auditor: 'auditor', department: 'medical', data: 'data', admin: 'admin' }
/** Stops of the Tab key on one screen: enough to pass its head and to come into its list. */
const mostStops = 14
/** On one that another role has walked already: its head. */
const fewStops = 4
/** A day's field has stops inside: year, month, day, and the calendar. */
const stopsOfADay = 4

/** The table's rows: a screen that is added is walked without a word here. Those of a county that is
 * joined to a province are not in the menu of this one (scenario handover looks at them). */
async function screens() {
  const source = await readFile(join(top, 'web/src/console/screens.ts'), 'utf8')
  const groups = [...source.matchAll(/^const (\w+)(?:: [^=]+)? = (\[[^\]]*\])$/gm)].map(([, name, value]) => `const ${name} = ${value};`).join('')
  const rows = [...source.matchAll(/\{ name: '(\w+)', group: '\w+', path: (?:'[^']*'|`[^`]*`), .*?roles: ([^}]+?),? \}/g)]
  return rows.filter(([row]) => !row.includes(' joined: true,')).map(([, name, roles]) => ({ name, roles: new Function(`${groups} return ${roles}`)() }))
}

scenario('keyboard', 'every screen of every role is worked by keyboard alone, and axe finds nothing on it', async (world) => {
  const server = await world.server()
  const rows = await screens()
  expect(rows.length >= 14, `the table's rows: ${rows.map(({ name }) => name)}`)
  const unknown = rows.flatMap(({ roles }) => roles).filter((role) => !accounts[role])
  expectEqual(unknown, [], 'roles without an account here')
  const walked = new Set()
  const found = []

  const walk = async (role) => {
    const own = rows.filter(({ roles }) => roles.includes(role)).map(({ name }) => name)
    if (own.length === 0) return
    const profile = await world.profile(role, 'console')
    const { page } = profile
    const desk = new Console(profile, server.url)
    const fault = (screen, words) => found.push(`${role} ${screen}: ${words}`)
    await desk.open()
    await desk.signIn(`${accounts[role]}@demo.test`, password)
    await desk.at(`nav-${own[0]}`).waitFor()

    // From the top of a page: the skip link first, seen, and it leads into the page; then the menu, whole and in its order.
    await page.reload()
    await desk.at(`nav-${own[0]}`).waitFor()
    await page.keyboard.press('Tab')
    const skip = await focused(page)
    if (!skip.skip || !skip.seen) fault(own[0], `the first stop is no skip link that is seen: ${skip.what}`)
    const menu = []
    for (let stop = 0; stop < own.length + 2; stop++) {
      await page.keyboard.press('Tab')
      const at = await focused(page)
      if (at.testid?.startsWith('nav-')) menu.push(at.testid.slice(4))
      if (!at.marked) fault(own[0], `nothing marks the focus on ${at.what}`)
    }
    expectEqual(menu, own, `the menu of ${role} by the Tab key`)
    await page.evaluate(() => document.querySelector('.skip').focus())
    await page.keyboard.press('Enter')
    await until('the skip link leads into the page', () => page.evaluate(() => document.activeElement?.id === 'content' || location.hash === '#content'))

    for (const screen of own) {
      await desk.at(`nav-${screen}`).focus()
      await page.keyboard.press('Enter')
      await page.locator(`[data-testid="nav-${screen}"][aria-current="page"]`).waitFor()
      await page.locator('main h1').first().waitFor()
      await desk.at('list-loading').first().waitFor({ state: 'detached' })
      // A screen whose parts arrive one by one says what it loads; the Tab key waits for the first of them, as a reader does.
      await page.waitForFunction(() => document.querySelector('main :is(a[href], button:enabled, input:enabled, select:enabled, [tabindex="0"])'))
      await page.evaluate(() => document.getElementById('content').focus())
      const fresh = !walked.has(screen)
      walked.add(screen)
      let last = ''
      for (let stop = 0, same = 0; stop < (fresh ? mostStops : fewStops); stop++) {
        await page.keyboard.press('Tab')
        const at = await focused(page)
        if (!at.inside) break // round to the browser's own, or the menu
        same = at.place === last ? same + 1 : 0
        if (same >= (at.day ? stopsOfADay : 1)) {
          fault(screen, `the Tab key stays on ${at.what}`)
          break
        }
        last = at.place
        if (!at.seen) fault(screen, `the focus is where nobody sees it: ${at.what}`)
        if (!at.marked) fault(screen, `nothing marks the focus on ${at.what}`)
        if (!at.named) fault(screen, `a stop without a name: ${at.what}`)
      }
      if (last === '') fault(screen, 'the Tab key reaches nothing')
      if (!fresh) continue
      if (await desk.at('export-open').count()) {
        await desk.at('export-open').first().focus()
        await page.keyboard.press('Enter')
        await desk.at('export-panel').waitFor()
        await page.keyboard.press('Escape')
        await desk.at('export-panel').waitFor({ state: 'detached' })
        if ((await focused(page)).testid !== 'export-open') fault(screen, 'Escape gives the focus back to nobody')
      }
      found.push(...(await violations(profile, screen)))
      await page.setViewportSize({ width: 1180, height: 800 })
      const wide = await wideness(page)
      if (wide > 0) fault(screen, `${wide} pixels wider than a tablet laid on its side`)
      await page.setViewportSize(profile.shape.viewport)
    }
    await profile.close()
  }

  await world.step('town and county', () => Promise.all([walk('town'), walk('county')]))
  await world.step('auditor, departments, the data centre, the administrator', () => Promise.all([walk('auditor').then(() => walk('data')), walk('department').then(() => walk('admin'))]))
  world.say(`    ${rows.length} screens`)
  expect(found.length === 0, `nothing to be told, but:\n${found.join('\n')}`)
})
