// Where forms live. A draft's id is part of the address, so that a killed browser
// comes back to the same form.

export const visitPath = (household: string, draft: string): string => `/households/${household}/visit/${draft}`
export const statusPath = (household: string, draft: string): string => `/households/${household}/status/${draft}`
export const editPath = (household: string, type: string, record: string, draft: string): string =>
  `/households/${household}/edit/${type}/${record}/${draft}`

export const newHouseholdPath = (draft: string): string => `/households/new/${draft}`
/** One half-finished follow-up, and one application, for each household. */
export const followupPath = (household: string): string => `/households/${household}/followup/followup-${household}`
export const applicationPath = (household: string): string => `/households/${household}/application/application-${household}`
export const supplementPath = (household: string, type: string, record: string): string =>
  `/households/${household}/supplement/${type}/${record}/${supplementDraft(record)}`

/** An item's card, seen from a household or by itself; "" is the list. */
export const policyPath = (item: string, household: string): string => `/policy${item === '' ? '' : `/${item}`}${household === '' ? '' : `?household=${household}`}`
export const visitPrintPath = (visit: string): string => `/print/visit/${visit}`
export const draftPrintPath = (draft: string): string => `/print/draft/${draft}`
export const complaintPath = (draft: string, household: string): string => `/complaints/new/${draft}${household === '' ? '' : `?household=${household}`}`

/** One draft for each record under edit; a new member has a draft of its own. */
export const editDraft = (record: string): string => `edit-${record}`
export const supplementDraft = (record: string): string => `supplement-${record}`
export const newRecord = 'new'

const plainPaths: Record<string, (household: string, draft: string) => string> = {
  visit: visitPath,
  status: statusPath,
  followup: followupPath,
  application: applicationPath,
  household: (_household, draft) => newHouseholdPath(draft),
  complaint: (household, draft) => complaintPath(draft, household),
}

interface KeptDraft {
  id: string
  kind: string
  household: string
  body: object
}

export function draftPath(draft: KeptDraft): string {
  const plain = plainPaths[draft.kind]
  if (plain !== undefined) return plain(draft.household, draft.id)
  if (draft.kind === 'supplement') {
    const { opened } = draft.body as { opened: { type: string; id: string } }
    return supplementPath(draft.household, opened.type, opened.id)
  }
  const { opened, creates } = draft.body as { opened: { type: string; id: string }; creates: boolean }
  return editPath(draft.household, opened.type, creates ? newRecord : opened.id, draft.id)
}

/** The head of a household that is in no list yet: its form knows the name. */
export function draftHead({ kind, body }: KeptDraft): string | undefined {
  if (kind !== 'household') return undefined
  const { head } = body as { head?: { values?: { name?: unknown } } }
  return typeof head?.values?.name === 'string' ? head.values.name : ''
}
