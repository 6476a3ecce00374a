/** A small schema for the tests of this folder and its neighbours; no screen imports it. */
import { Schema, type FieldSpec } from './schema'
import type { Say } from './format'

const field = (spec: Partial<FieldSpec> & Pick<FieldSpec, 'type' | 'label'>): FieldSpec => ({ write: true, ...spec })

export const sampleSchema = new Schema({
  schema: 1,
  types: {
    households: {
      label: '家庭',
      fields: {
        head_name: field({ type: 'text', label: '户主姓名', policy: 'review' }),
        id_number: field({ type: 'text', label: '证件号码', policy: 'review', masked: true }),
        urban: field({ type: 'bool', label: '城镇户口', policy: 'review' }),
        monthly_income: field({ type: 'number', label: '月收入', policy: 'review', unit: '元' }),
        housing_grade: field({ type: 'text', label: '房屋等级', options: [{ value: 'C', label: 'C 级(局部危险)' }] }),
        tags: field({ type: 'list', label: '标签', policy: 'union', options: [{ value: 'alone', label: '独居' }] }),
        remarks: field({ type: 'list', label: '备注', policy: 'append' }),
        place: field({ type: 'object', label: '位置' }),
        last_visited: field({ type: 'date', label: '最近走访', policy: 'max' }),
        state: field({
          type: 'text', label: '状态', group: 'state', policy: 'review', options: [{ value: 'closed', label: '已销户' }],
        }),
        state_reason: field({ type: 'text', label: '状态原因', group: 'state', policy: 'review' }),
      },
    },
    status_changes: {
      label: '状态变化',
      fields: {
        kind: field({ type: 'text', label: '类别', options: [{ value: 'death', label: '死亡' }] }),
        member: field({ type: 'reference', label: '成员' }),
        happened_on: field({ type: 'date', label: '发生日期' }),
      },
    },
  },
  indicators: [{ code: 'I1', title: '主要收入者去世', level: 'red' }],
  roles: { worker: '村级人员' },
})

/** Says a key with its values, so that a test sees which words were asked for. */
export const sayKey: Say = (key, values) => {
  const plain: Record<string, string> = { 'value.separator': '、', 'value.none': '未填', 'value.yes': '是', 'value.no': '否' }
  return plain[key] ?? (values ? `${key}(${Object.values(values).join(',')})` : key)
}
