// 跨县转移: a town offers a household to another county, seeing what travels; that county
// refuses it first, then takes it in; the town sees it go.
import { violations } from '../fixture/axe.mjs'
import { Counties } from '../fixture/counties.mjs'
import { chinaDay } from '../fixture/days.mjs'
import { scenario } from '../fixture/scenario.mjs'
import { password } from '../fixture/server.mjs'
import { expect, expectEqual } from '../fixture/until.mjs'
import { Files } from '../pages/casework.mjs'
import { Console } from '../pages/console.mjs'

const why = '户口簿复印件未附，请补后再转。'

scenario('handover', 'a household goes from one county to another, refused first and then taken in', async (world) => {
  const counties = await world.step('two counties of one province', () => Counties.fresh())
  try {
    const today = chinaDay()
    const mayGo = (story) => story.household.state !== 'closed' && story.categories.some((held) => !held.to) && story.applications.every((one) => ['approved', 'refused', 'withdrawn', 'draft'].includes(one.state))
    const { household } = await counties.from.household(mayGo)
    const { household: disputed } = await counties.from.household((story) => mayGo(story) && story.household.id !== household.id)
    const giving = await world.profile('giving', 'console')
    const taking = await world.profile('taking', 'console')
    const town = new Console(giving, counties.from.url)
    const county = new Console(taking, counties.to.url)
    const looked = async (profile, screen) => {
      await world.shot(profile, screen)
      expectEqual(await violations(profile, screen), [], 'what axe finds')
    }
    const offer = async (household) => {
      await town.openHousehold(household)
      await town.at('household-handover').click()
      await town.at('handed').waitFor()
      await new Files(town).fill('new', { county: '370281', reason: 'kin', moved_on: today, address: '阜安街道', consent_by: household.head_name, consent_on: today })
    }
    const accept = async (household, shown = async () => {}) => {
      await (await county.untilRow('handovers-item', household.head_name)).first().click()
      await county.at('step-accept').click()
      const village = (await counties.to.call('/api/console/v1/handovers/options', { token: await counties.to.token('county@demo.test') })).places.find((place) => place.value.length === 12).value
      await new Files(county).fill('step', { begins: today, region: village.slice(0, 9), 'region-village': village })
      await shown()
      await county.at('step-send').click()
      await county.page.getByText('已登记：接收转入').first().waitFor()
    }
    await world.step('the town sees what would travel, and offers it', async () => {
      await town.enter('town@demo.test', password)
      await offer(household)
      await looked(giving, 'offer')
      await giving.page.setViewportSize({ width: 1180, height: 800 })
      await looked(giving, 'offer-narrow')
      await giving.page.setViewportSize({ width: 1440, height: 900 })
      await giving.page.keyboard.press('Control+Enter')
      await town.at('handover-detail').waitFor()
      await new Files(town).stands('offered')
      await looked(giving, 'offered')
    })
    await world.step('the other county finds it in its day, and refuses it with a reason', async () => {
      await county.enter('county@demo.test', password)
      await county.page.locator('[data-testid="today-item"][data-kind="handover"]').first().click()
      await county.at('handed').waitFor()
      await looked(taking, 'received')
      await county.page.keyboard.press('2')
      await county.at('step-reason').fill(why)
      await county.page.keyboard.press('Control+Enter')
      await county.page.getByText('已登记：').first().waitFor()
    })
    await world.step('the town reads why, and offers it again', async () => {
      await town.go('handovers')
      await town.at('handovers-tab-closed').click()
      await (await town.untilRow('handovers-item', household.head_name)).first().click()
      await giving.page.getByText(why).waitFor()
      await looked(giving, 'refused')
      await offer(household)
      await town.at('new-send').click()
      await new Files(town).stands('offered')
    })
    await world.step('the other county takes it in', async () => {
      await accept(household, () => looked(taking, 'accept'))
      await county.at('handovers-tab-closed').click()
      await (await county.untilRow('handovers-item', household.head_name)).first().click()
      await new Files(county).stands('accepted')
      await looked(taking, 'accepted')
      await county.at('handover-household').click()
      await county.at('household-page').waitFor()
      await county.page.locator('[data-testid="household-file"][data-screen="handovers"]').waitFor()
      await looked(taking, 'household')
    })
    await world.step('and the town sees it gone', async () => {
      await town.go('handovers')
      await town.at('handovers-tab-closed').click()
      await giving.page.locator('[data-testid="handovers-item"]', { hasText: '已转出' }).first().click()
      await new Files(town).stands('accepted')
      await town.at('handover-detail').getByRole('link', { name: household.head_name }).click()
      await town.at('household-head').getByText('已关闭').waitFor()
      expectEqual(await town.at('household-handover').count(), 0, 'what is gone cannot be offered')
      expect(await giving.page.locator('[data-testid="household-file"][data-screen="handovers"]').count() >= 2, 'its page tells of both')
      await looked(giving, 'gone')
    })
    await world.step('another household is taken in by two counties: a restore had lost an offer', async () => {
      await offer(disputed)
      await town.at('new-send').click()
      await new Files(town).stands('offered')
      await county.go('handovers')
      await county.untilRow('handovers-item', disputed.head_name)
      counties.thirdTakes()
      await accept(disputed)
      await county.at('handovers-tab-in').click()
      await county.untilRow('handovers-item', disputed.head_name)
      await county.go('today')
      await county.page.locator('[data-testid="today-item"][data-kind="handover"]', { hasText: '与对方核对' }).first().click()
      await county.at('handover-clash').getByText('这户已由平度市接收').waitFor()
      await looked(taking, 'clashed')
    })
    await world.step('the county settles it after a call: it is the other one\'s', async () => {
      await county.at('step-yield').click()
      await new Files(county).fill('step', { with: '平度市民政局 于主任' })
      await looked(taking, 'yield')
      await county.at('step-send').click()
      await county.page.getByText('已登记：核对：归对方').first().waitFor()
      await county.at('handovers-tab-closed').click()
      await (await county.untilRow('handovers-item', disputed.head_name)).first().click()
      await new Files(county).stands('yielded')
      await looked(taking, 'yielded')
      await county.at('handover-household').click()
      await county.at('household-head').getByText('已关闭').waitFor()
    })
  } finally {
    await counties.close()
  }
})
