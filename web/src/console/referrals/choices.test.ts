import { describe, expect, it } from 'vitest'
import { choiceOf, departmentsOf, itemsOf } from './choices'

const column = (name: string) => ({ column: name, label: name })
const options = {
  choices: [
    { kind: 'deliver', item: 'medical_aid', departments: ['medical', 'health'], columns: [column('members.name'), column('members.illness')] },
    { kind: 'deliver', item: 'education_aid', departments: ['education'], columns: [column('members.name')] },
    { kind: 'verify', item: '', departments: ['education'], columns: [column('members.name')] },
    { kind: 'verify', item: '', departments: ['health'], columns: [column('members.health')] },
  ],
  results: {}, inquiries: [], department: '', area_name: '',
}

describe('what may be asked of a department', () => {
  it('is a delivery of what it gives, or a question', () => {
    expect(departmentsOf(options, 'deliver', 'medical_aid')).toEqual(['medical', 'health'])
    expect(departmentsOf(options, 'verify', '')).toEqual(['education', 'health'])
    expect(departmentsOf(options, 'deliver', 'moon')).toEqual([])
    expect(itemsOf(options)).toEqual(['medical_aid', 'education_aid'])
  })

  it('says which columns the department will see, of its own row', () => {
    expect(choiceOf(options, 'verify', '', 'health')?.columns).toEqual([column('members.health')])
    expect(choiceOf(options, 'deliver', 'education_aid', 'health')).toBeUndefined()
  })
})
