/** The endpoints the console uses, each once. */
import { administrationApi } from './administration'
import { auditApi } from './audit'
import { caseworkApi } from './casework'
import { withQuery, type Client } from './client'
import { deliberationApi } from './deliberations'
import { deliveredApi } from './delivered'
import { listsApi } from './lists'
import { figuresApi } from './figures'
import { handoversApi } from './handovers'
import { householdApi } from './households'
import { monitoringApi } from './monitoring'
import { supervisionApi } from './supervision'
import type {
  Application, CaseItem, Complaint, DeviceRow, Disposed, FactRow, Left, NewReferral, Notice, OpItem, Opinion, Page, Posting, Referral, ReferralAnswer, ReferralOptions, Rerun, Resolution,
  ReviewItem, RulesVersion, StatusAnswer, StatusQuestion, Summary, TestAnswer, TestResult, Values, Warning, WarningStep,
} from './types'
import { webhookApi } from './webhooks'
import type { SchemaAnswer } from '../schema/schema'
import { ownApi } from './own'
import { searchApi } from './search'

const SYNC = '/api/sync/v1'
const CONSOLE = '/api/console/v1'
const id = encodeURIComponent

export const EVENTS_PATH = `${SYNC}/events`

export interface PageRequest {
  limit?: number
  cursor?: string
}

/** A list narrowed to what a figure of the monitor counts. */
export interface FigureQuery {
  figure?: string
  of?: string
  area?: string
}

export function createApi(client: Client) {
  return {
    ...caseworkApi(client),
    ...deliberationApi(client),
    ...figuresApi(client),
    ...handoversApi(client),
    ...monitoringApi(client),
    ...supervisionApi(client),

    summary: () => client.get<Summary>(`${CONSOLE}/summary`),
    schema: () => client.get<SchemaAnswer>(`${SYNC}/schema`),

    reviews: (page: PageRequest) => client.get<Page<ReviewItem>>(`${SYNC}/reviews`, { state: 'open', ...page }),
    acceptReview: (op: string) => client.post<unknown>(`${SYNC}/reviews/${id(op)}/accept`),
    acceptReviews: (ops: string[]) => client.post<AcceptAnswer>(`${SYNC}/reviews/accept`, { ops }),
    returnReview: (op: string, reason: string) => client.post<unknown>(`${SYNC}/reviews/${id(op)}/return`, { reason }),

    cases: (state: string, page: PageRequest) => client.get<Page<CaseItem>>(`${SYNC}/cases`, { state, ...page }),
    resolveCase: (caseId: string, resolution: Resolution) =>
      client.post<unknown>(`${SYNC}/cases/${id(caseId)}/resolve`, resolution),

    /** Shows an item of a queue with its numbers in full; that it was read, and what for, is entered in the audit log. */
    revealItem: <T>(queue: 'reviews' | 'cases' | 'ops', item: string, purpose: string) =>
      client.post<{ item: T }>(`${CONSOLE}/queues/reveal`, { queue, id: item, purpose }),

    ops: (outcome: string, page: PageRequest) => client.get<Page<OpItem>>(`${SYNC}/ops`, { outcome, ...page }),
    releaseOp: (op: string) => client.post<unknown>(`${CONSOLE}/ops/${id(op)}/release`),
    rejectOp: (op: string, reason: string) => client.post<unknown>(`${CONSOLE}/ops/${id(op)}/reject`, { reason }),

    warnings: (page: PageRequest & FigureQuery & { state?: string }) => client.get<Page<Warning>>(`${CONSOLE}/warnings`, { ...page }),
    disposeWarning: (warning: string, step: WarningStep) => client.post<Disposed>(`${CONSOLE}/warnings/${id(warning)}/dispose`, step),

    ...searchApi(client),
    ...householdApi(client),

    applications: (state: string, page: PageRequest) => client.get<Page<Application>>(`${CONSOLE}/applications`, { state, ...page }),
    application: (application: string) => client.get<Application>(`${CONSOLE}/applications/${id(application)}`),
    acceptApplication: (application: string) => client.post<unknown>(`${CONSOLE}/applications/${id(application)}/accept`),
    closeApplication: (application: string, act: 'dismiss' | 'withdraw', reason: string) => client.post<unknown>(`${CONSOLE}/applications/${id(application)}/${act}`, { reason }),
    determine: (application: string, answers: TestAnswer[]) => client.post<unknown>(`${CONSOLE}/applications/${id(application)}/determine`, { answers }),
    determinationRules: () => client.get<{ facts: FactRow[]; versions: RulesVersion[] }>(`${CONSOLE}/determination-rules`),
    whatIf: (supposition: Values) => client.post<{ as_is: TestResult; if: TestResult }>(`${CONSOLE}/what-if`, supposition),
    rerun: (determination: string, rules: string) => client.get<Rerun>(`${CONSOLE}/determinations/${id(determination)}/rerun`, { rules }),
    leaveCategory: (category: string, leaving: Values) => client.post<Left>(`${CONSOLE}/categories/${id(category)}/leave`, leaving),
    determinationPage: (determination: string) => client.blob(`${CONSOLE}/determinations/${id(determination)}/page`),
    confirmDetermination: (determination: string, opinion: Opinion) => client.post<unknown>(`${CONSOLE}/determinations/${id(determination)}/confirm`, opinion),
    publishDetermination: (determination: string, posting: Posting) => client.post<unknown>(`${CONSOLE}/determinations/${id(determination)}/publish`, posting),
    decideDetermination: (determination: string, approve: boolean, reason: string) => client.post<unknown>(`${CONSOLE}/determinations/${id(determination)}/decide`, { approve, reason }),
    notices: (state: string, page: PageRequest) => client.get<Page<Notice>>(`${CONSOLE}/publicity`, { state, ...page }),
    publicityPage: (query: { layout: string; area?: string; notice?: string }) => client.blob(withQuery(`${CONSOLE}/publicity/page`, query)),
    objectTo: (notice: string, text: string, by: string) => client.post<unknown>(`${CONSOLE}/publicity/${id(notice)}/objections`, { text, by }),
    settleObjection: (notice: string, objection: string, upheld: boolean, reason: string) => client.post<unknown>(`${CONSOLE}/publicity/${id(notice)}/settle`, { objection, upheld, reason }),

    referralOptions: () => client.get<ReferralOptions>(`${CONSOLE}/referrals/options`),
    referrals: (state: string, page: PageRequest) => client.get<Page<Referral>>(`${CONSOLE}/referrals`, { state, ...page }),
    sendReferral: (referral: NewReferral) => client.post<Referral>(`${CONSOLE}/referrals`, referral),
    stepReferral: (referral: string, act: 'withdraw' | 'resend' | 'urge', reason?: string) =>
      client.post<Referral>(`${CONSOLE}/referrals/${id(referral)}/${act}`, reason ? { reason } : {}),

    departmentOptions: () => client.get<ReferralOptions>(`${CONSOLE}/department/options`),
    inbox: (state: string, page: PageRequest) => client.get<Page<Referral>>(`${CONSOLE}/department/referrals`, { state, ...page }),
    inboxItem: (referral: string) => client.get<Referral>(`${CONSOLE}/department/referrals/${id(referral)}`),
    receiveReferral: (referral: string) => client.post<Referral>(`${CONSOLE}/department/referrals/${id(referral)}/receive`),
    returnReferral: (referral: string, reason: string) => client.post<Referral>(`${CONSOLE}/department/referrals/${id(referral)}/return`, { reason }),
    answerReferral: (referral: string, answer: ReferralAnswer) => client.post<Referral>(`${CONSOLE}/department/referrals/${id(referral)}/answer`, answer),
    inquire: (question: StatusQuestion) => client.post<StatusAnswer>(`${CONSOLE}/department/status`, question),

    complaints: (page: PageRequest) => client.get<Page<Complaint>>(`${CONSOLE}/complaints`, { state: 'open', ...page }),
    answerComplaint: (complaint: string, answer: string) => client.post<unknown>(`${CONSOLE}/complaints/${id(complaint)}/answer`, { answer }),

    devices: (page: PageRequest & FigureQuery) => client.get<Page<DeviceRow>>(`${CONSOLE}/devices`, { ...page }),
    revokeDevice: (device: string) => client.post<unknown>(`${CONSOLE}/devices/${id(device)}/revoke`),

    ...auditApi(client),
    ...deliveredApi(client),
    ...webhookApi(client),
    ...listsApi(client),
    ...administrationApi(client),
    ...ownApi(client),

    photo: (photo: string, size: PhotoSize) => client.blob(`${SYNC}/photos/${id(photo)}?size=${size}`),
    events: (signal: AbortSignal) => client.open(EVENTS_PATH, signal),
  }
}

export type Api = ReturnType<typeof createApi>
export type PhotoSize = 'thumb' | 'screen' | 'full'

/** A batch answers for each op; an op without an error was accepted. */
export interface AcceptAnswer {
  items?: { op: string; error?: { code: string; message: string } | null }[]
}
