import { describe, expect, it } from 'vitest'
import type { WebhookTarget } from '../api/types'
import { rowsOf } from './targets'

const target = (department: string, failed = 0): WebhookTarget =>
  ({ department, url: 'https://x.example/', enabled: true, keys: 1, changed: '', waiting: 0, failed, delivered: '' })

describe('the departments’ systems', () => {
  it('are all departments, each once: what fails, then what is told, then the others in their order', () => {
    const rows = rowsOf(['education', 'medical', 'housing', 'health'], [target('health'), target('medical', 2), target('gone')])
    expect(rows.map((row) => row.department)).toEqual(['medical', 'health', 'gone', 'education', 'housing'])
    expect(rows.at(-1)).toMatchObject({ url: '', enabled: false, keys: 0 })
  })
})
