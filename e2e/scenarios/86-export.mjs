// 导出: a list as a file, by the filter on the screen, with progress, by keyboard alone.
import { readFile } from 'node:fs/promises'
import { violations } from '../fixture/axe.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Desk } from '../pages/desk.mjs'

scenario('export', 'a town takes the list on its screen with it as a file, by keyboard, and gives another one up', async (world) => {
  const server = await world.server()
  const { household } = await server.household(() => true)
  const profile = await world.profile('console', 'console')
  const desk = new Desk(profile, server.url)

  await world.step('the filtered list comes as CSV, by keyboard', async () => {
    await desk.enter('town@demo.test', password)
    await desk.go('households')
    await desk.at('household-search').fill(household.head_name)
    await desk.page.waitForURL(/q=/)
    const shown = await (await desk.listed((rows) => rows.some((row) => row.includes(household.head_name)))).count()
    await desk.at('export-open').focus()
    await desk.page.keyboard.press('Enter')
    await desk.at('export-panel').waitFor()
    await world.shot(profile, 'choice')
    expectEqual(await violations(profile, 'the choice of a file'), [], 'what axe finds')
    await desk.page.keyboard.press('Escape')
    expect(await desk.at('export-panel').count() === 0, 'Escape closes the choice')
    await desk.page.keyboard.press('Enter')
    await desk.at('export-csv').focus()
    // The message fades: it is looked for from the start.
    const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.page.getByText('已导出').waitFor(), desk.page.keyboard.press('Enter')])
    expect(/^家庭-\d{8}-\d{4}\.csv$/.test(file.suggestedFilename()), `the file's name: ${file.suggestedFilename()}`)
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines[0].startsWith('\ufeff家庭｜导出人：匡文静 镇(街道)经办人员｜导出时间：') && lines[0].includes(`搜索=${household.head_name}`), `the first line: ${lines[0]}`)
    expectEqual(lines.length - 3, shown, 'rows of the file')
    expect(lines[2].includes(household.head_name) && lines.at(-1).startsWith(`共${shown}行，导出完毕`), `the rows: ${lines}`)
  })
  await world.step('a workbook that is given up leaves the button as it was', async () => {
    await desk.page.route('**/lists/*/file*', async (route) => {
      await new Promise((go) => setTimeout(go, 1500))
      await route.continue().catch(() => {})
    })
    await desk.at('export-open').click()
    await desk.at('export-xlsx').click()
    await desk.at('export-progress').waitFor()
    await world.shot(profile, 'progress')
    await desk.at('export-cancel').click()
    await desk.page.getByText('已取消导出').waitFor()
    await desk.at('export-open').waitFor()
  })
})
