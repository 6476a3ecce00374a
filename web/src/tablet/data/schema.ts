// The schema as the screens ask it: fields, options, labels, indicators.
import { computed, type ComputedRef } from 'vue'
import { fieldOf, optionLabel, type Field, type Indicator, type Option, type Schema } from '@/sync/schema'
import { theStore } from '../app'
import { useLive } from './live'

export interface SchemaView {
  schema: ComputedRef<Schema>
  field: (type: string, name: string) => Field | undefined
  options: (type: string, name: string) => Option[]
  label: (type: string, name: string, value: unknown) => string
  name: (type: string, field: string) => string
  typeName: (type: string) => string
  triggeredBy: (kind: string) => Indicator[]
}

const empty: Schema = { schema: 0, types: {} }

export function useSchema(): SchemaView {
  const stored = useLive(() => theStore().meta.get('schema'), undefined as Schema | undefined)
  const schema = computed(() => stored.value ?? empty)
  const field = (type: string, name: string): Field | undefined => fieldOf(schema.value, type, name)
  return {
    schema,
    field,
    options: (type, name) => field(type, name)?.options ?? [],
    label: (type, name, value) => optionLabel(field(type, name), value),
    name: (type, name) => field(type, name)?.label ?? name,
    typeName: (type) => schema.value.types[type]?.label ?? type,
    triggeredBy: (kind) => (schema.value.indicators ?? []).filter((indicator) => indicator.triggers?.includes(kind)),
  }
}
