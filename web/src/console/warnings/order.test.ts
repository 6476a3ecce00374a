import { expect, it } from 'vitest'
import type { Warning } from '../api/types'
import { byUrgency } from './order'

const warning = (id: string, level: string, due_on?: string): Warning => ({
  id, level, due_on, household: 'h', indicator: 'X', title: '', state: 'open',
})

it('orders warnings by level, then by due date, undated last', () => {
  const list = [
    warning('a', 'yellow', '2026-01-01'), warning('b', 'red'), warning('c', 'red', '2026-03-02'), warning('d', 'orange', '2026-01-01'),
    warning('e', 'red', '2026-03-01'),
  ]
  expect(list.sort(byUrgency).map((each) => each.id)).toEqual(['e', 'c', 'b', 'd', 'a'])
})
