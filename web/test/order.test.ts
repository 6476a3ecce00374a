// The order of the day: need before nearness, nearness before waiting.
import { describe, expect, it } from 'vitest'
import { dayPlan, metresBetween, need } from '../src/tablet/data/order'
import type { HouseholdLine, LineTask, LineWarning } from '../src/tablet/data/village'

const today = '2026-11-25'
const line = (id: string, more: Partial<HouseholdLine> = {}): HouseholdLine =>
  ({ id, head: id, address: '', phone: '', region: '', members: [], admissions: [{ category: 'marginal', to: '' }], needs: [], lastVisited: '2026-11-01', openTasks: [], openWarnings: [], closed: false, pending: false, place: null, ...more }) as unknown as HouseholdLine
const openTasks = (...tasks: Partial<LineTask>[]) => ({ openTasks: tasks.map((each) => ({ id: 't', kind: 'visit', title: '', detail: '', due: '', ...each })) })
const openWarnings = (...warnings: Partial<LineWarning>[]) => ({ openWarnings: warnings.map((each) => ({ indicator: 'E1', level: 'yellow', title: '', due: '', ...each })) })
const order = (lines: HouseholdLine[], from: { lat: number; lng: number } | null = null): string[] => dayPlan(lines, today, from).map((stop) => stop.line.id)

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
    const [stop] = dayPlan([line('a', openWarnings({ level: 'yellow', title: 'x', due: '2026-11-20' }))], today, null)
    expect(stop).toMatchObject({ need: need.overdue, reasons: [{ key: 'warning_late', params: { title: 'x', days: 5 } }] })
  })
  it('shows a household once, with all its reasons, the gravest first', () => {
    const plan = dayPlan([line('a', { lastVisited: '', ...openTasks({ title: '走访', due: '2026-11-20' }), ...openWarnings({ level: 'orange', title: 'w' }) })], today, null)
    expect(plan).toHaveLength(1)
    expect(plan[0]?.reasons.map(({ key }) => key)).toEqual(['task_late', 'warning', 'never'])
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
  it('knows how long each category may go unseen', () => {
    const seen = (category: string, lastVisited: string): number => dayPlan([line('a', { admissions: [{ category, to: '' }], lastVisited })], today, null).length
    expect([seen('destitute', '2026-10-26'), seen('destitute', '2026-10-25')]).toEqual([0, 1])
    expect([seen('subsistence', '2026-08-26'), seen('subsistence', '2026-08-25')]).toEqual([0, 1])
    expect([seen('marginal', '2026-05-26'), seen('marginal', '2026-05-25')]).toEqual([0, 1])
  })
  it('leaves out what is closed, what came back and what is far off', () => {
    expect(order([line('closed', { closed: true, lastVisited: '' }), line('returned', openTasks({ kind: 'returned' })), line('later', openTasks({ due: '2026-12-25' }))])).toEqual([])
  })
})

it('measures as the crow flies', () => {
  expect(metresBetween({ lat: 36.2, lng: 120 }, { lat: 36.21, lng: 120 })).toBe(1113)
  expect(metresBetween({ lat: 36.2, lng: 120 }, { lat: 36.2, lng: 120 })).toBe(0)
})
