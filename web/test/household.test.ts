// What the household's page works out: what to ask, what changed, the chain.
import { describe, expect, it } from 'vitest'
import { asksOf } from '../src/tablet/data/asks'
import { chainShares, chainYears } from '../src/tablet/data/chain'
import type { HouseholdPage } from '../src/tablet/data/household'
import { masked } from '../src/tablet/data/sheet'
import { changesSince, lastSeen } from '../src/tablet/data/since'
import type { Entry } from '../src/store/records'
import type { Values } from '../src/sync/wire'

const today = '2026-11-25'
let ids = 0
const entry = (type: string, record: Values, pending = 0): Entry => ({ type, id: (record.id as string) ?? `id-${++ids}`, rev: 1, record, pending })
const label = (_type: string, _field: string, value: unknown): string => `<${String(value)}>`

function page(parts: Partial<Record<keyof HouseholdPage, Values[]>> & { home?: Values } = {}): HouseholdPage {
  const of = (key: keyof HouseholdPage, type: string): Entry[] => (parts[key] ?? []).map((record) => entry(type, record))
  return {
    household: entry('households', { id: 'h', urban: false, ...parts.home }),
    members: of('members', 'members'),
    visits: of('visits', 'visits'),
    statusChanges: of('statusChanges', 'status_changes'),
    assistance: of('assistance', 'assistance'),
    entitlements: of('entitlements', 'entitlements'),
    categories: of('categories', 'categories'),
    tasks: [],
    warnings: of('warnings', 'warnings'),
    edits: [],
  } as HouseholdPage
}
const recent = { categories: [{ category: 'subsistence', from: '2026-06-01' }] }
const keys = (found: HouseholdPage, day = today): string[] => asksOf(found, day, label).map((ask) => ask.key)

describe('what to ask today', () => {
  it('asks nothing where everything is known and fresh', () => {
    expect(keys(page({ ...recent, members: [{ id: 'm', name: '王平', birth_date: '1990-01-01' }] }))).toEqual([])
  })
  it('puts open warnings first, red as red', () => {
    const asks = asksOf(page({ ...recent, warnings: [{ title: '新发重大疾病', level: 'red', member: 'm' }], members: [{ id: 'm', name: '王平', health: 'serious', illness: '肺癌' }] }), today, label)
    expect(asks.map(({ key, tone }) => [key, tone])).toEqual([['warning', 'red'], ['illness', 'plain']])
    expect(asks[0]?.params).toEqual({ what: '新发重大疾病', name: '王平' })
  })
  it('asks the questions of items to verify, each once for each person', () => {
    const questions = ['现在有没有活干', '还能不能干活']
    const asks = asksOf(page({ ...recent, entitlements: [
      { item: 'employment_aid', state: 'to_verify', questions, member: 'm' },
      { item: 'public_post', state: 'to_verify', questions, member: 'm' },
      { item: 'education_aid', state: 'not_delivered', questions, member: 'm' },
    ], members: [{ id: 'm', name: '王平' }] }), today, label)
    expect(asks.map(({ params }) => [params.what, params.name])).toEqual([['现在有没有活干', '王平'], ['还能不能干活', '王平']])
  })
  it('comes back to what was needed at the last visit that met somebody', () => {
    const found = page({ ...recent, visits: [{ visited_on: '2026-11-20', outcome: 'nobody_home', needs: ['goods'] }, { visited_on: '2026-10-01', outcome: 'met', needs: ['care', 'medical'] }] })
    expect(asksOf(found, today, label).map(({ params }) => params.what)).toEqual(['<care>、<medical>'])
  })
  it('asks for the income again after a year, unless a visit or a determination looked at it', () => {
    const determined = (from: string): HouseholdPage => page({ categories: [{ category: 'marginal', from }] })
    expect(keys(determined('2025-11-25'))).toEqual([])
    expect(keys(determined('2025-11-24'))).toEqual(['income'])
    expect(keys(page({ categories: [{ category: 'marginal', from: '2020-01-01' }], visits: [{ visited_on: '2026-05-01', outcome: 'met', changes: ['income'] }] }))).toEqual([])
    expect(keys(page())).toEqual(['income_never'])
  })
  it('asks about school when a term begins, of those who attend or have the age', () => {
    const found = page({ ...recent, members: [{ id: 'a', name: '小雨', birth_date: '2018-01-01', school_stage: 'primary' }, { id: 'b', name: '小宝', birth_date: '2023-08-01' }, { id: 'c', name: '爷爷', birth_date: '1950-01-01' }] })
    expect(asksOf(found, '2026-09-01', label).map(({ params }) => params.name)).toEqual(['小雨', '小宝'])
    expect(keys(found, '2026-06-01')).toEqual([])
  })
  it('asks in winter how the old heat their rooms in the country', () => {
    const old = { members: [{ id: 'm', name: '老李', birth_date: '1950-01-01' }] }
    expect(keys(page({ ...recent, ...old }))).toEqual(['winter'])
    expect(keys(page({ ...recent, ...old, home: { urban: true } }))).toEqual([])
    expect(keys(page({ ...recent, ...old }), '2026-07-01')).toEqual([])
  })
  it('asks nothing of the dead', () => {
    expect(keys(page({ ...recent, members: [{ id: 'm', name: '王平', alive: false, health: 'serious', self_care_failed: ['eating'] }] }))).toEqual([])
  })
})

describe('what changed since the last visit', () => {
  const visits = [{ visited_on: '2026-11-24', outcome: 'refused' }, { visited_on: '2026-10-01', outcome: 'met' }]
  it('counts from the last visit that met somebody', () => {
    expect(lastSeen(page({ visits }))?.record.visited_on).toBe('2026-10-01')
    expect(changesSince(page({ visits: [{ visited_on: '2026-11-24', outcome: 'refused' }] }), today)).toEqual([])
  })
  it('tells help, reports, warnings and categories that came after it, the newest first', () => {
    const found = page({
      visits,
      assistance: [{ given_on: '2026-09-30', state: 'given' }, { given_on: '2026-10-02', state: 'given' }, { given_on: '2026-10-03', state: 'planned' }],
      statusChanges: [{ happened_on: '2026-11-01', kind: 'disaster' }],
      warnings: [{ created: '2026-11-02T08:00:00.000Z', title: 'x' }],
      categories: [{ from: '2026-10-15' }, { from: '2025-01-01' }],
    })
    expect(changesSince(found, today).map(({ key, day }) => [key, day])).toEqual([['warning', '2026-11-02'], ['report', '2026-11-01'], ['category', '2026-10-15'], ['help', '2026-10-02']])
  })
  it('tells figures that wait for the town with what they were', () => {
    const found = page({ visits, home: { monthly_income: 900, updated: '2026-11-20T00:00:00.000Z', unconfirmed: { monthly_income: 3000, '*': null } } })
    expect(changesSince(found, today)).toMatchObject([{ key: 'figure', field: 'monthly_income', before: 3000, day: '2026-11-20' }])
  })
})

describe('the chain of help', () => {
  const given: Values[] = [
    { given_on: '2026-03-01', amount: 500, state: 'given', department: 'education', member: 'a' },
    { given_on: '2026-10-01', amount: 400, state: 'given', department: 'civil_affairs' },
    { given_on: '2026-09-01', amount: 400, state: 'returned', department: 'civil_affairs' },
    { given_on: '2025-10-01', amount: 300, state: 'given', department: 'civil_affairs' },
    { given_on: '2026-08-01', state: 'given', department: 'disabled' },
    { state: 'planned', amount: 9999, department: 'housing' },
  ]
  const chain = given.map((record) => entry('assistance', record))
  it('stands by years, what is coming first, and sums only what arrived', () => {
    expect(chainYears(chain, '', '').map(({ year, sum, entries }) => [year, sum, entries.length])).toEqual([['', 0, 1], ['2026', 900, 4], ['2025', 300, 1]])
    expect(chainYears(chain, '', '')[1]?.entries.map(({ record }) => record.given_on)).toEqual(['2026-10-01', '2026-09-01', '2026-08-01', '2026-03-01'])
  })
  it('can be read for one member or one department', () => {
    expect(chainYears(chain, 'a', '').map(({ sum }) => sum)).toEqual([500])
    expect(chainYears(chain, '', 'civil_affairs').map(({ sum }) => sum)).toEqual([400, 300])
  })
  it('says who gave how much since a day', () => {
    expect(chainShares(chain, '2025-11-25')).toEqual([
      { department: 'education', sum: 500, times: 1 },
      { department: 'civil_affairs', sum: 400, times: 1 },
      { department: 'disabled', sum: 0, times: 1 },
    ])
  })
})

it('hides the middle of an ID number on paper, and leaves a masked one alone', () => {
  expect(masked('11010519491231002X')).toBe('110105***********X')
  expect(masked('370281**********12')).toBe('370281**********12')
  expect(masked('1234')).toBe('****')
  expect(masked('')).toBe('')
})
