// Where forms live. A draft's id is part of the address, so that a killed browser
// comes back to the same form.

export const visitPath = (household: string, draft: string): string => `/households/${household}/visit/${draft}`
export const statusPath = (household: string, draft: string): string => `/households/${household}/status/${draft}`
export const editPath = (household: string, type: string, record: string, draft: string): string =>
  `/households/${household}/edit/${type}/${record}/${draft}`

/** One draft for each record under edit; a new member has a draft of its own. */
export const editDraft = (record: string): string => `edit-${record}`
export const newRecord = 'new'

interface KeptDraft {
  id: string
  kind: string
  household: string
  body: object
}

export function draftPath(draft: KeptDraft): string {
  if (draft.kind === 'visit') return visitPath(draft.household, draft.id)
  if (draft.kind === 'status') return statusPath(draft.household, draft.id)
  const { opened, creates } = draft.body as { opened: { type: string; id: string }; creates: boolean }
  return editPath(draft.household, opened.type, creates ? newRecord : opened.id, draft.id)
}
