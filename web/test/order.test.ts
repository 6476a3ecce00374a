// The order of the day: need before nearness, nearness before waiting.
import { describe, expect, it } from 'vitest'
import type { VisitTerm } from '../src/sync/schema'
import { dayPlan, metresBetween, need, type Place, type Stop } from '../src/tablet/data/order'
import practice from '../src/tablet/practice/schema.json'
import type { HouseholdLine, LineTask, LineWarning } from '../src/tablet/data/village'

const today = '2026-11-25'
const line = (id: string, more: Partial<HouseholdLine> = {}): HouseholdLine =>
  ({ id, head: id, address: '', phone: '', region: '', members: [], admissions: [{ category: 'marginal', form: '', to: '' }], livesAlone: false, reviewClass: '', needs: [], lastVisited: '2026-11-01', openTasks: [], openWarnings: [], closed: false, pending: false, place: null, ...more }) as unknown as HouseholdLine
const openTasks = (...tasks: Partial<LineTask>[]) => ({ openTasks: tasks.map((each) => ({ id: 't', kind: 'visit', title: '', detail: '', due: '', ...each })) })
const openWarnings = (...warnings: Partial<LineWarning>[]) => ({ openWarnings: warnings.map((each) => ({ indicator: 'E1', level: 'yellow', title: '', due: '', ...each })) })
/** As every server sends them whose county changed nothing. */
const terms = practice.visit_terms as VisitTerm[]
const plan = (lines: HouseholdLine[], from: Place | null = null): Stop[] => dayPlan(lines, { today, terms, from }).first(99)
const order = (lines: HouseholdLine[], from: Place | null = null): string[] => plan(lines, from).map((stop) => stop.line.id)

describe('the order of the day', () => {
  it('goes by need: red, overdue, orange or due today, soon, yellow, long unseen', () => {
    const lines = [
      line('long', { lastVisited: '2026-01-01' }),
      line('yellow', openWarnings({ level: 'yellow', due: '2026-12-20' })),
      line('soon', openTasks({ due: '2026-11-27' })),
      line('today', { ...openTasks({ due: '2026-11-25' }), lastVisited: '2026-11-02' }),
      line('orange', { ...openWarnings({ level: 'orange', due: '2026-11-30' }), lastVisited: '2026-11-01' }),
      line('overdue', openTasks({ due: '2026-11-24' })),
      line('red', openWarnings({ level: 'red', due: '2026-11-30' })),
      line('calm'),
    ]
    expect(order(lines)).toEqual(['red', 'overdue', 'orange', 'today', 'soon', 'yellow', 'long'])
  })
  it('counts a warning past its date as overdue, whatever its level', () => {
    const [stop] = plan([line('a', openWarnings({ level: 'yellow', title: 'x', due: '2026-11-20' }))])
    expect(stop).toMatchObject({ need: need.overdue, reasons: [{ key: 'warning_late', params: { title: 'x', days: 5 } }] })
  })
  it('shows a household once, with all its reasons, the gravest first', () => {
    const stops = plan([line('a', { lastVisited: '', ...openTasks({ title: '走访', due: '2026-11-20' }), ...openWarnings({ level: 'orange', title: 'w' }) })])
    expect(stops).toHaveLength(1)
    expect(stops[0]?.reasons.map(({ key }) => key)).toEqual(['task_late', 'warning', 'never'])
  })
  it('lets nearness decide only between equal needs, and never without a place', () => {
    const near = { lat: 36.2, lng: 120 }
    const lines = [
      line('far', { ...openTasks({ due: '2026-11-24' }), place: { lat: 36.3, lng: 120 } }),
      line('near', { ...openTasks({ due: '2026-11-24' }), place: near, lastVisited: '2026-11-20' }),
      line('nowhere', { ...openTasks({ due: '2026-11-24' }), lastVisited: '2025-01-01' }),
      line('red', { ...openWarnings({ level: 'red' }), place: { lat: 36.9, lng: 120 } }),
    ]
    expect(order(lines, near)).toEqual(['red', 'near', 'far', 'nowhere'])
    expect(order(lines)).toEqual(['red', 'nowhere', 'far', 'near'])
  })
  it('knows by the county\'s terms how long each may go unseen', () => {
    const longAt = (last: number, more: Partial<HouseholdLine>): number[] =>
      [last, last + 1].map((days) => plan([line('a', { ...more, lastVisited: new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10) })]).length)
    const held = (category: string, form = '') => ({ admissions: [{ category, form, to: '' }] })
    expect(longAt(14, { ...held('destitute', 'home'), livesAlone: true })).toEqual([0, 1])
    expect(longAt(183, { ...held('destitute', 'central'), livesAlone: true })).toEqual([0, 1])
    expect(longAt(30, { ...held('subsistence'), reviewClass: 'C' })).toEqual([0, 1])
    expect(longAt(91, { ...held('subsistence'), reviewClass: 'B' })).toEqual([0, 1])
    expect(longAt(183, held('marginal'))).toEqual([0, 1])
    const ended = { admissions: [{ category: 'subsistence', form: '', to: '2026-11-24' }], reviewClass: 'C' }
    expect(longAt(183, ended)).toEqual([0, 1])
    expect(dayPlan([line('a', { lastVisited: '2020-01-01' })], { today, terms: [], from: null }).count).toBe(0)
  })
  it('says once that nobody was there, and no more when somebody was', () => {
    const overdue = openWarnings({ indicator: 'V1', level: 'orange', title: '走访逾期', due: '2026-11-30' })
    const reasons = (lastVisited: string) => plan([line('a', { lastVisited, ...overdue })]).flatMap((stop) => stop.reasons.map(({ key, params, tone }) => ({ key, params, tone })))
    expect(reasons('2026-01-01')).toEqual([{ key: 'long', params: { days: 328 }, tone: 'orange' }])
    expect(reasons('')).toEqual([{ key: 'never', params: {}, tone: 'orange' }])
    expect(reasons(today)).toEqual([])
  })
  it('puts in order what is asked for, and counts all', () => {
    const lines = Array.from({ length: 60 }, (_, at) => line(String(at).padStart(2, '0'), at % 3 === 0 ? openTasks({ due: '2026-11-24' }) : at % 3 === 1 ? { lastVisited: '' } : {}))
    const asked = dayPlan(lines, { today, terms, from: null })
    expect(asked.count).toBe(40)
    expect(asked.first(25)).toEqual(asked.first(99).slice(0, 25))
    expect(asked.first(99)).toHaveLength(40)
  })
  it('leaves out what is closed, what came back and what is far off', () => {
    expect(order([line('closed', { closed: true, lastVisited: '' }), line('returned', openTasks({ kind: 'returned' })), line('later', openTasks({ due: '2026-12-25' }))])).toEqual([])
  })
})

it('measures as the crow flies', () => {
  expect(metresBetween({ lat: 36.2, lng: 120 }, { lat: 36.21, lng: 120 })).toBe(1113)
  expect(metresBetween({ lat: 36.2, lng: 120 }, { lat: 36.2, lng: 120 })).toBe(0)
})
