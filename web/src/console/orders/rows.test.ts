import { describe, expect, it } from 'vitest'
import { orderBody } from './rows'

describe('an order of visits', () => {
  const said = { title: '冬季走访', task_kind: 'visit', due_on: '2027-01-31' }

  it('goes to a range', () => {
    expect(orderBody({ ...said, way: 'range', area: '370281102', categories: ['subsistence'] }, ['h']).to).toEqual({ areas: ['370281102'], categories: ['subsistence'] })
  })

  it('goes to the households that somebody chose, and to no others', () => {
    expect(orderBody({ ...said, way: 'chosen', village: '370281102200', area: '370281102', account: 'u' }, ['h1', 'h2']).to).toEqual({ households: ['h1', 'h2'], account: 'u' })
  })
})
