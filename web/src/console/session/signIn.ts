/** Signing in and renewing the token, by PocketBase's own endpoints. */
import { keepProof, knownProof } from '@/sync/known'
import { ApiError, createClient, type Client } from '../api/client'
import { ownApi, type OwnApi } from '../api/own'
import type { AuthAnswer } from '../api/types'

const USERS = '/api/collections/users'

/** `app` tells the server that this is a desk: its session ends when nobody is there. */
export async function signIn(client: Client, identity: string, password: string, code: string): Promise<AuthAnswer> {
  const known = knownProof(localStorage, identity)
  return noted(identity, await client.post<AuthAnswer>(`${USERS}/auth-with-password`, { identity, password, app: 'desk', ...(code && { code }), known }))
}

/** Keeps what tells this browser from strangers at the next sign-in. */
export function noted(identity: string, answer: AuthAnswer): AuthAnswer {
  if (answer.meta?.known) keepProof(localStorage, identity, answer.meta.known)
  return answer
}

export async function renew(client: Client): Promise<AuthAnswer> {
  return client.post<AuthAnswer>(`${USERS}/auth-refresh`)
}

/** The calls of somebody who has a step to take before a session begins. */
export function limitedApi(token: string): OwnApi {
  return ownApi(createClient({ fetch: (input, init) => fetch(input, init), token: () => token, onUnauthenticated: () => undefined }))
}

export interface Failure {
  key: string
  /** The server's own sentence: it knows how long to wait, and which rule is broken. */
  text?: string
}

/** Why signing in failed. A wrong password is answered 400 or 401. */
export function signInFailure(error: unknown): Failure {
  if (!(error instanceof ApiError)) return { key: 'error.server' }
  if (error.status === 429 && error.code === 'busy' && error.message) return { key: 'signIn.busy', text: error.message }
  if (error.status === 400 || error.status === 401) return { key: 'signIn.wrong' }
  if (error.status === 429) return { key: 'signIn.busy' }
  return { key: error.code === 'network' ? 'error.network' : 'error.server' }
}

export const asksForCode = (error: unknown): boolean => error instanceof ApiError && error.code === 'second_factor_required'
