// A small schema for tests, in the shape of GET /schema.
import type { Field, Policy, FieldType, Schema } from '../src/sync/schema'

const field = (type: FieldType, policy: Policy, more: Partial<Field> = {}): Field => ({
  ...{ type, label: type, policy, write: true, group: null, options: null },
  ...more,
})

export const testSchema: Schema = {
  schema: 1,
  options: ['brief'],
  types: {
    households: {
      label: '家庭',
      fields: {
        region: field('text', 'review', { write: false }),
        head_name: field('text', 'review'),
        phone: field('text', 'latest', { max: 20 }),
        address: field('text', 'latest'),
        monthly_income: field('number', 'review'),
        needs: field('list', 'union'),
        remarks: field('list', 'append'),
        last_visited: field('date', 'max'),
        first_seen: field('date', 'min'),
        state: field('text', 'review', { group: 'state' }),
        state_reason: field('text', 'review', { group: 'state' }),
      },
    },
    members: { label: '成员', fields: { household: field('reference', 'immutable'), name: field('text', 'review') } },
    visits: {
      label: '走访',
      fields: {
        household: field('reference', 'immutable'),
        visited_on: field('date', 'immutable'),
        outcome: field('text', 'immutable'),
        supplements: field('list', 'append'),
      },
    },
    photos: {
      label: '照片',
      fields: {
        owner: field('reference', 'immutable'),
        sha256: field('text', 'immutable'),
        state: field('text', 'latest', { write: false }),
      },
    },
  },
  indicators: [{ code: 'I1', title: '主要劳动力死亡', level: 'red', triggers: ['death'] }],
}
