/** One's own account: password, second factor, sessions; and those of accounts that one keeps. */
import type { Client } from './client'
import type { AuthAnswer, Factor, FactorBegun, FactorConfirmed, OwnAccount, SessionItem } from './types'

const OWN = '/api/console/v1/own'
const ACCOUNTS = '/api/console/v1/accounts'
const id = encodeURIComponent

export const ownApi = (client: Client) => ({
  ownAccount: () => client.get<OwnAccount>(`${OWN}/account`),
  setPassword: (change: { old: string; new: string; known?: string }) => client.post<AuthAnswer>(`${OWN}/password`, change),
  beginFactor: (asked: { password: string; known?: string }) => client.post<FactorBegun>(`${OWN}/factor`, asked),
  confirmFactor: (code: string) => client.post<FactorConfirmed>(`${OWN}/factor/confirm`, { code }),
  renewRecovery: (asked: { password: string; known?: string }) => client.post<{ recovery: string[] }>(`${OWN}/factor/recovery`, asked),
  dropOwnFactor: (asked: { password: string; known?: string }) => client.post<unknown>(`${OWN}/factor/drop`, asked),
  signOut: () => client.post<unknown>(`${OWN}/sign-out`),
  endOwnSession: (session: string) => client.post<unknown>(`${OWN}/sessions/${id(session)}/end`),

  accountSessions: (account: string) => client.get<{ items: SessionItem[]; factor: Factor }>(`${ACCOUNTS}/${id(account)}/sessions`),
  endAccountSession: (account: string, session: string) => client.post<unknown>(`${ACCOUNTS}/${id(account)}/sessions/${id(session)}/end`),
  dropAccountFactor: (account: string) => client.post<unknown>(`${ACCOUNTS}/${id(account)}/factor/drop`),
})

export type OwnApi = ReturnType<typeof ownApi>
