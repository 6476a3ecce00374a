// What the paper 入户走访记录表 shows of a visit, sent or half-finished.
import type { Store } from '@/store/store'
import type { Values } from '@/sync/wire'
import { readHousehold, type HouseholdPage } from './household'
import { list, text } from './words'

export interface Sheet {
  page: HouseholdPage
  kind: string
  visitedOn: string
  outcome: string
  met: string
  visitors: string[]
  changes: string[]
  needs: string[]
  conclusion: string
  supplements: string[]
  /** The picture of the drawn signature, if there is one. */
  signature: string
  draft: boolean
}

/** Who visited is the server's to write; until then it is whoever holds the tablet. */
export async function sheetOfVisit(store: Store, id: string, holder: string): Promise<Sheet | null> {
  const visit = await store.records.get('visits', id)
  const page = visit === undefined ? null : await readHousehold(store, text(visit.record.household))
  if (visit === undefined || page === null) return null
  const { record } = visit
  const named = list(record.visitors)
  return {
    page,
    kind: text(record.kind),
    visitedOn: text(record.visited_on),
    outcome: text(record.outcome),
    met: text(record.met),
    visitors: named.length > 0 ? named : [text(record.visitor) || (visit.pending > 0 ? holder : '')].filter(Boolean),
    changes: list(record.changes),
    needs: list(record.needs),
    conclusion: text(record.conclusion),
    supplements: entries(record.supplements),
    signature: text(record.signature),
    draft: false,
  }
}

/** A visit form is read by what every version of it has had; the rest stays blank. */
interface HalfVisit {
  kind?: string
  visitedOn?: string
  outcome?: string
  met?: string
  changed?: boolean | null
  changes?: string[]
  needs?: string[]
  conclusion?: string
  signature?: { id: string } | null
}

export async function sheetOfDraft(store: Store, id: string, visitor: string): Promise<Sheet | null> {
  const draft = await store.drafts.get<HalfVisit>(id)
  const page = draft === undefined || draft.kind !== 'visit' ? null : await readHousehold(store, draft.household)
  if (draft === undefined || page === null) return null
  const { body } = draft
  return {
    page,
    kind: body.kind ?? '',
    visitedOn: body.visitedOn ?? '',
    outcome: body.outcome ?? '',
    met: body.met ?? '',
    visitors: [visitor].filter(Boolean),
    changes: body.changed === true ? (body.changes ?? []) : [],
    needs: body.needs ?? [],
    conclusion: body.conclusion ?? '',
    supplements: [],
    signature: body.signature?.id ?? '',
    draft: true,
  }
}

const entries = (value: Values[string] | undefined): string[] =>
  (Array.isArray(value) ? value : []).map((item) => text((item as Values | null)?.text)).filter(Boolean)

/** An ID number on paper: the region and the last digit stay, the rest is hidden. */
export function masked(number: string): string {
  if (number === '' || number.includes('*')) return number
  return number.length > 8 ? `${number.slice(0, 6)}${'*'.repeat(number.length - 7)}${number.slice(-1)}` : '*'.repeat(number.length)
}
