// The province's console: sums by prefecture, county and town, who is silent, who cannot be
// counted, and a person after a purpose alone.
import { violations } from '../fixture/axe.mjs'
import { Province } from '../fixture/province.mjs'
import { codeOf } from '../pages/account.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { expect, expectEqual, until } from '../fixture/until.mjs'

const number = '11010519491231002X'
const purpose = '核实信访件：反映在两县重复登记'

scenario('province', 'the province looks at its counties, finds one silent, and looks at a person for a purpose', async (world) => {
  const province = await world.step('a province with seven counties', () => Province.fresh())
  try {
    const profile = await world.profile('province', 'console')
    const page = profile.page
    const looked = async (screen) => {
      await world.shot(profile, screen)
      expectEqual(await violations(profile, screen), [], 'what axe finds')
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expectEqual(overflow, 0, `${screen}: pixels to scroll sideways`)
    }
    const enter = async (password, name = 'zhang') => {
      await page.getByLabel('账号').fill(name)
      await page.getByLabel('密码').fill(password)
      await page.keyboard.press('Enter')
    }
    await world.step('signing in, wrongly and rightly', async () => {
      await page.goto(province.url)
      await enter('wrong')
      await page.getByRole('alert').filter({ hasText: '账号或密码不正确' }).waitFor()
      await looked('sign-in')
      await enter(province.password)
      await page.getByRole('heading', { name: '全省' }).waitFor()
    })
    await world.step('prefecture, county, town', async () => {
      await page.getByText('1 个县超过 3 天没有上传').waitFor()
      await until('all counties are counted', async () => { await page.reload(); return await page.getByText('正在第一次统计').count() === 0 }, 60_000)
      await page.getByRole('status').filter({ hasText: '1 个县的数字统计失败：莱州市（自 ' }).waitFor()
      await page.getByRole('heading', { name: '逾期率最高' }).waitFor()
      await looked('province')
      const placed = page.getByRole('region', { name: '各地比较' })
      await placed.getByRole('link', { name: '烟台市' }).click()
      await placed.getByRole('row').filter({ hasText: '莱阳市' }).filter({ hasText: '失联' }).waitFor()
      await placed.getByRole('row').filter({ hasText: '莱州市' }).filter({ hasText: '统计失败' }).waitFor()
      await looked('prefecture')
      await placed.getByRole('link', { name: '莱阳市' }).click()
      await page.getByText('本县超过 3 天没有上传').waitFor()
      await looked('county')
      for (const [part, tiles, slug] of [['在册与认定', ['在册情况', '认定变化'], 'county-register'], ['预警', ['预警处置', '预警走势'], 'county-warnings'], ['走访', ['走访覆盖'], 'county-coverage'], ['应享与已享', ['应享与已享', '各部门落实'], 'county-delivery'], ['救助资金', ['救助资金', '资金去向'], 'county-funds']]) {
        await page.getByRole('navigation', { name: '统计内容' }).getByRole('link', { name: part, exact: true }).click()
        for (const tile of tiles) await page.getByRole('region', { name: tile, exact: true }).waitFor()
        await looked(slug)
      }
    })
    await world.step('counties compared, the worst first', async () => {
      await page.goto(`${province.url}/area/3706`)
      const firstOf = async () => await page.getByRole('table').last().getByRole('rowheader').first().textContent()
      expectEqual(await firstOf(), '龙口市', 'the first by code')
      await page.getByRole('columnheader', { name: '90天内走访率' }).getByRole('link').click()
      expectEqual(await firstOf(), '招远市', 'the county that visits least')
      await looked('compared')
      await page.setViewportSize({ width: 1180, height: 1700 })
      for (const part of ['register', 'warnings', 'coverage', 'delivery', 'funds']) {
        await page.goto(`${province.url}/part/${part}`)
        await looked(`narrow-${part}`)
        expect(!(await page.content()).includes('于秀'), 'sums name nobody')
      }
      await page.setViewportSize({ width: 1180, height: 1100 })
      await page.goto(`${province.url}/area/3706`)
      await looked('narrow')
      expect(!(await page.content()).includes('于秀'), 'sums name nobody')
    })
    await world.step('a person, with a purpose that stays', async () => {
      await page.getByRole('link', { name: '查人' }).click()
      await page.getByLabel('身份证号').fill('110105194912310021')
      await page.getByLabel('查询用途').fill(purpose)
      await page.getByRole('button', { name: '记录用途并查看' }).click()
      await page.getByRole('alert').filter({ hasText: '身份证号不正确' }).waitFor()
      await looked('person-fault')
      await page.getByLabel('身份证号').fill(number)
      await page.getByRole('button', { name: '记录用途并查看' }).click()
      await page.getByText('在 2 处登记').waitFor()
      expect(await page.getByRole('heading', { name: '于秀英' }).isVisible(), 'the name is shown')
      await looked('person')
      expect(!(await page.content()).includes(number), 'the number is masked')
      expectEqual(await page.getByRole('link', { name: '查询记录' }).count(), 0, 'who looks people up has no page of looks')
      await page.goto(`${province.url}/looks`)
      await page.getByRole('heading', { name: '不能打开这一页' }).waitFor()
      await looked('forbidden')
    })
    await world.step('signing out', async () => {
      await page.getByRole('button', { name: '退出' }).click()
      await page.getByRole('heading', { name: '登录省级平台' }).waitFor()
      await page.goto(`${province.url}/area/3706`)
      await page.getByRole('heading', { name: '登录省级平台' }).waitFor()
    })
    const auditor = await world.step('who keeps accounts makes one for the auditor', async () => {
      await enter(province.keeper, 'wu')
      await page.getByRole('heading', { name: '账号', exact: true }).waitFor()
      await page.getByLabel('使用人姓名').fill('李审计')
      await page.getByLabel('账号（小写字母和数字）').fill('li')
      await page.getByRole('radio', { name: '审计' }).check()
      await looked('accounts')
      await page.getByRole('button', { name: '新建并生成密码' }).click()
      await page.getByText('只显示这一次').waitFor()
      await looked('account')
      const password = await page.locator('.secret').textContent()
      await page.getByRole('button', { name: '退出' }).click()
      return password
    })
    await world.step('the auditor reads who looked at whom, and takes it out', async () => {
      await enter(auditor, 'li')
      await page.getByRole('link', { name: '查询记录' }).click()
      await page.getByRole('cell', { name: purpose }).waitFor()
      await looked('looks-narrow')
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.getByLabel('做了什么').selectOption('person')
      await page.getByLabel('用途或条件中有').fill('信访')
      await page.getByRole('button', { name: '筛选', exact: true }).click()
      await page.getByRole('cell', { name: purpose }).waitFor()
      await looked('looks')
      const file = page.waitForEvent('download')
      await page.getByRole('button', { name: '按此筛选导出为表格' }).click()
      expect((await file).suggestedFilename().startsWith('查询记录-'), 'the file has a name that says what it is')
    })
    await world.step('a second factor is bound, and asked for at the next sign-in', async () => {
      await page.getByRole('link', { name: '李审计' }).click()
      await looked('own')
      await page.getByRole('link', { name: '绑定动态口令' }).click()
      await page.getByRole('img', { name: '动态口令的二维码' }).waitFor()
      await looked('factor')
      const secret = await page.locator('.secret').textContent()
      await page.getByLabel('6 位数字').fill(codeOf(secret))
      await page.getByRole('button', { name: '绑定' }).click()
      await page.getByRole('heading', { name: '全省' }).waitFor()
      await page.getByRole('button', { name: '退出' }).click()
      await enter(auditor, 'li')
      await page.getByRole('heading', { name: '动态口令' }).waitFor()
      await page.goto(`${province.url}/looks`)
      await page.getByLabel('6 位数字').fill('12345')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').filter({ hasText: '动态口令不对' }).waitFor()
      await looked('code')
    })
  } finally {
    await province.close()
  }
})
