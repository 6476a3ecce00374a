/** What `/schema` says of the synced types (protocol §3.2), and how to look it up. */
export type FieldType = 'text' | 'number' | 'bool' | 'date' | 'time' | 'list' | 'reference' | 'object'

export interface FieldOption {
  value: string | number | boolean
  label: string
}

export interface FieldSpec {
  type: FieldType
  label: string
  policy?: string
  write?: boolean
  group?: string | null
  options?: FieldOption[] | null
  max?: number | null
  unit?: string | null
  /** The type that a reference points to. */
  to?: string | null
}

export interface TypeSpec {
  label: string
  fields: Record<string, FieldSpec>
  groups?: Record<string, string | { label: string }>
}

export interface IndicatorSpec {
  code: string
  title: string
  level?: string
  family?: string
}

export interface SchemaAnswer {
  schema: number
  types: Record<string, TypeSpec>
  indicators?: IndicatorSpec[] | Record<string, Omit<IndicatorSpec, 'code'> | string>
}

export class Schema {
  private readonly indicators = new Map<string, IndicatorSpec>()

  constructor(private readonly answer: SchemaAnswer) {
    const { indicators = [] } = answer
    if (Array.isArray(indicators)) {
      for (const indicator of indicators) this.indicators.set(indicator.code, indicator)
      return
    }
    for (const [code, spec] of Object.entries(indicators)) {
      this.indicators.set(code, typeof spec === 'string' ? { code, title: spec } : { ...spec, code })
    }
  }

  typeLabel(type: string): string {
    return this.answer.types[type]?.label ?? type
  }

  field(type: string, field: string): FieldSpec | undefined {
    return this.answer.types[type]?.fields[field]
  }

  /** The fields of a unit: those of a group in the schema's order, or the field itself. */
  members(type: string, unit: string): string[] {
    const fields = Object.entries(this.answer.types[type]?.fields ?? {})
    const inGroup = fields.filter(([, spec]) => spec.group === unit).map(([name]) => name)
    return inGroup.length > 0 ? inGroup : [unit]
  }

  unitOf(type: string, field: string): string {
    return this.field(type, field)?.group || field
  }

  /** The label of a field or a group. A group without a name of its own is called by its first field. */
  label(type: string, unit: string): string {
    const group = this.answer.types[type]?.groups?.[unit]
    if (group) return typeof group === 'string' ? group : group.label
    const [first] = this.members(type, unit)
    return this.field(type, unit)?.label ?? this.field(type, first ?? unit)?.label ?? unit
  }

  fieldNames(type: string): string[] {
    return Object.keys(this.answer.types[type]?.fields ?? {})
  }

  indicator(code: string): IndicatorSpec | undefined {
    return this.indicators.get(code)
  }
}
