// The seven change items of a visit, and which fields each opens. A table: what is
// asked is said here, how a field looks and what it may hold is the schema's.

export interface ChangeItem {
  /** The value in visits.changes. */
  value: string
  icon: string
  household: string[]
  member: string[]
  /** Kinds of status change that are offered here. */
  report: string[]
  /** Ways in which somebody new came into the family: a new member's form. */
  join?: string[]
}

export const changeItems: readonly ChangeItem[] = [
  { value: 'members', icon: 'people', household: [], member: ['relation', 'marriage', 'phone'], report: ['death', 'moved', 'married', 'released', 'guardian_lost'], join: ['birth', 'married', 'moved'] },
  { value: 'income', icon: 'coin', household: ['monthly_income'], member: ['monthly_income'], report: ['job_lost'] },
  { value: 'spending', icon: 'receipt', household: ['medical_cost_12m', 'rigid_cost_12m'], member: [], report: ['serious_illness'] },
  { value: 'health', icon: 'heart', household: [], member: ['health', 'illness', 'capacity_to_work', 'self_care_failed'], report: ['serious_illness', 'self_care'] },
  { value: 'housing', icon: 'home', household: ['housing_kind', 'housing_grade', 'address', 'phone', 'lives_alone'], member: [], report: ['disaster'] },
  { value: 'work', icon: 'tool', household: [], member: ['work_state', 'earner', 'school_stage', 'insured'], report: ['job_lost', 'school'] },
  { value: 'property', icon: 'box', household: ['property'], member: [], report: ['accident', 'disaster'] },
]

/** The fields of the edit pages, in the order of the paper form. */
export const householdSections: readonly { key: string; fields: string[] }[] = [
  { key: 'contact', fields: ['head_name', 'phone', 'address', 'urban', 'lives_alone'] },
  { key: 'money', fields: ['monthly_income', 'medical_cost_12m', 'rigid_cost_12m'] },
  { key: 'home', fields: ['housing_kind', 'housing_grade', 'property'] },
  { key: 'need', fields: ['cause', 'tags', 'needs'] },
  { key: 'state', fields: ['state', 'state_reason'] },
]

export const memberSections: readonly { key: string; fields: string[] }[] = [
  { key: 'person', fields: ['name', 'relation', 'sex', 'birth_date', 'id_kind', 'id_number', 'nation', 'phone'] },
  { key: 'life', fields: ['marriage', 'education', 'school_stage'] },
  { key: 'health', fields: ['health', 'illness', 'capacity_to_work', 'self_care_failed', 'guardian'] },
  { key: 'disability', fields: ['disability_kind', 'disability_grade', 'disability_certificate'] },
  { key: 'work', fields: ['work_state', 'monthly_income', 'earner', 'insured'] },
]

/** Of the long code lists of national standards, what is met on the doorstep. */
export const usualOptions: Readonly<Record<string, readonly string[] | undefined>> = {
  relation: ['02', '11', '12', '20', '30', '28', '38', '41', '42', '51', '52'],
  sex: ['1', '2'],
  marriage: ['10', '20', '30', '40'],
}

/** Kinds of status change that concern the whole household: no member is asked for. */
export const wholeHousehold = new Set(['birth', 'disaster', 'accident', 'moved', 'other'])
/** Kinds where an amount is asked for: of the loss, of the treatment. */
export const withAmount = new Set(['disaster', 'accident', 'serious_illness'])

export const statusIcons: Record<string, string> = {
  death: 'candle', birth: 'baby', serious_illness: 'heart', job_lost: 'tool', accident: 'alert', disaster: 'storm',
  moved: 'truck', married: 'rings', school: 'book', released: 'gate', guardian_lost: 'people', self_care: 'walker', other: 'dots',
}
