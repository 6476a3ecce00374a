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
  /** Sensitive: shown whole only where the work needs it. */
  masked?: boolean
  /** The type that a reference points to. */
  to?: string | null
}

export interface TypeSpec {
  label: string
  /** The fields in the order of the forms. */
  order?: string[]
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
  indicators?: IndicatorSpec[]
  roles?: Record<string, string>
}

export class Schema {
  private readonly indicators = new Map<string, IndicatorSpec>()

  constructor(private readonly answer: SchemaAnswer) {
    for (const indicator of answer.indicators ?? []) {
      this.indicators.set(indicator.code, indicator)
      this.indicators.set(indicator.title, indicator)
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
    const inGroup = this.fieldNames(type).filter((name) => this.field(type, name)?.group === unit)
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
    const spec = this.answer.types[type]
    return spec?.order ?? Object.keys(spec?.fields ?? {})
  }

  /** By its code or its title: reviews name the warnings they raised by title. */
  indicator(name: string): IndicatorSpec | undefined {
    return this.indicators.get(name)
  }

  /** The official word of an option; the value itself where the schema names none. */
  optionLabel(type: string, field: string, value: string): string {
    return this.field(type, field)?.options?.find((option) => option.value === value)?.label ?? value
  }

  roleLabel(role: string | undefined): string {
    return (role && this.answer.roles?.[role]) || ''
  }
}
