import { describe, expect, it } from 'vitest'
import { sampleSchema } from '../schema/sample'
import { isNew, unconfirmedOf } from './unconfirmed'

const find = (unconfirmed: unknown, field: string) => unconfirmedOf(sampleSchema, 'households', { id: 'h', unconfirmed }, field)

it('knows a record that was never confirmed as a whole', () => {
  expect(isNew({ id: 'm', unconfirmed: { '*': null } })).toBe(true)
  expect(isNew({ id: 'm', unconfirmed: { monthly_income: 3000 } })).toBe(false)
  expect(isNew({ id: 'm' })).toBe(false)
})

describe('unconfirmedOf', () => {
  it('finds the last confirmed value, also where that was none', () => {
    expect(find({ monthly_income: 3000 }, 'monthly_income')).toEqual({ value: 3000 })
    expect(find({ monthly_income: null }, 'monthly_income')).toEqual({ value: null })
    expect(find({ monthly_income: 3000 }, 'urban')).toBeNull()
    expect(find(undefined, 'urban')).toBeNull()
  })

  it('finds a field of a group by its group', () => {
    expect(find({ state: { state: 'active', state_reason: null } }, 'state_reason')).toEqual({ value: null })
    expect(find({ state: { state: 'active', state_reason: null } }, 'state')).toEqual({ value: 'active' })
  })
})
