import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { zhCN } from '../locales/zh-CN'
import { SCREENS, type Group, type Screen } from '../screens'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const folders = ['', 'docs/', 'docs/decisions/']
const pages = folders.flatMap((folder) => readdirSync(root + folder).filter((file) => file.endsWith('.md')).map((file) => folder + file))

const nav = zhCN.nav as unknown as Record<Screen, string> & { group: Record<Group, string> }

it('has each screen that the documentation leads to under the heading that it names', () => {
  const under = new Map(SCREENS.map((row) => [nav[row.name], nav.group[row.group]]))
  const ways = pages.flatMap((page) => [...readFileSync(root + page, 'utf8').matchAll(/(\p{Script=Han}+) → (\p{Script=Han}+)/gu)]
    .map(([way, heading, screen]) => ({ page, way, heading, screen })))
  const found = ways.filter(({ screen }) => under.has(screen!))
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter(({ screen, heading }) => under.get(screen!) !== heading).map(({ page, way }) => `${page}: ${way}`)).toEqual([])
})
