// The province's console: sums by prefecture, county and town, who is silent, and a
// person after a purpose alone.
import { violations } from '../fixture/axe.mjs'
import { Province } from '../fixture/province.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'

const number = '11010519491231002X'
const purpose = '核实信访件：反映在两县重复登记'

scenario('province', 'the province looks at its counties, finds one silent, and looks at a person for a purpose', async (world) => {
  const province = await world.step('a province with six counties', () => Province.fresh())
  try {
    const profile = await world.profile('province', 'console')
    const page = profile.page
    const looked = async (screen) => {
      await world.shot(profile, screen)
      expectEqual(await violations(profile, screen), [], 'what axe finds')
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expectEqual(overflow, 0, `${screen}: pixels to scroll sideways`)
    }
    const enter = async (password) => {
      await page.getByLabel('账号').fill('zhang')
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
      await looked('province')
      await page.getByRole('link', { name: '烟台市' }).click()
      await page.getByRole('row').filter({ hasText: '莱阳市' }).filter({ hasText: '失联' }).waitFor()
      await looked('prefecture')
      await page.getByRole('link', { name: '莱阳市' }).click()
      await page.getByText('本县超过 3 天没有上传').waitFor()
      await looked('county')
      await page.setViewportSize({ width: 1180, height: 800 })
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
      await page.getByRole('link', { name: '查询记录' }).click()
      await page.getByRole('cell', { name: purpose }).waitFor()
      await looked('looks')
    })
    await world.step('signing out', async () => {
      await page.getByRole('button', { name: '退出' }).click()
      await page.getByRole('heading', { name: '登录省级平台' }).waitFor()
      await page.goto(`${province.url}/area/3706`)
      await page.getByRole('heading', { name: '登录省级平台' }).waitFor()
    })
  } finally {
    await province.close()
  }
})
