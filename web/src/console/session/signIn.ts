/** Signing in and renewing the token, by PocketBase's own endpoints. */
import { ApiError, type Client } from '../api/client'
import type { Account } from './session'

const USERS = '/api/collections/users'

interface AuthAnswer {
  token: string
  record: Account
}

export async function signIn(client: Client, identity: string, password: string): Promise<AuthAnswer> {
  return client.post<AuthAnswer>(`${USERS}/auth-with-password`, { identity, password })
}

export async function renew(client: Client): Promise<AuthAnswer> {
  return client.post<AuthAnswer>(`${USERS}/auth-refresh`)
}

/** The key of the sentence that says why signing in failed. A wrong password is answered 400 or 401. */
export function signInFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return 'error.server'
  if (error.status === 400 || error.status === 401) return 'signIn.wrong'
  if (error.status === 429) return 'signIn.busy'
  return error.code === 'network' ? 'error.network' : 'error.server'
}
