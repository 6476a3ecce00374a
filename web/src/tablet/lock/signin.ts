// Who works on this tablet: found at the start, signed in, signed out. What stands
// between an account and its records is passphrase.ts and open.ts.
import { nextTick } from 'vue'
import type { SignInAnswer } from '@/sync/api'
import { keepProof, knownProof } from '@/sync/known'
import type { Session } from '@/store/session'
import type { Store } from '@/store/store'
import { api, live, now, sessions, state, syncNow } from '../app'
import { close, enter, leave } from './open'
import { recover } from './recovery'
import { coolDown, warmUp } from './warm'

/** Finds who was here last. Nothing is opened without the passphrase. */
export async function start(): Promise<void> {
  state.who = await sessions.who()
  if (state.who === null) {
    state.gate = 'signin'
    return
  }
  live.session = await sessions.plain()
  state.gate = (await sessions.vault(state.who.id)) === undefined ? 'choose' : 'unlock'
  // A sealed session without its lock cannot be opened any more.
  if (state.gate === 'choose' && live.session === null) await leave()
  else if (state.gate === 'unlock') warmUp(state.who.id)
}

/** Signs in; answers what must be done first, with the token that is good for that alone. */
export async function signIn(identity: string, password: string, code?: string): Promise<SignInAnswer | null> {
  const login = identity.trim()
  const answer = await api.signIn(login, password, { ...(code && { code }), known: knownProof(localStorage, login) })
  if (answer.meta?.step !== undefined) return answer
  await enterWith(login, answer)
  return null
}

/** The password from the slip becomes one's own; the rest is as after any sign-in. */
export async function setFirstPassword(identity: string, limited: SignInAnswer, change: { old: string; new: string }): Promise<SignInAnswer | null> {
  const answer = await api.setPassword(limited.token, change)
  if (answer.meta?.step !== undefined) return answer
  await enterWith(identity, answer)
  return null
}

async function enterWith(login: string, answer: SignInAnswer): Promise<void> {
  if (answer.meta?.known !== undefined) keepProof(localStorage, login, answer.meta.known)
  const session: Session = { account: answer.record, token: answer.token, tokenAt: now() }
  const same = state.who?.id === session.account.id
  state.wiped = false
  state.expired = false
  if (state.gate === 'forgot' && same) return recover(session)
  if (state.store !== null && same) return enterAgain(session, state.store)
  await close()
  live.session = session
  state.who = session.account
  state.gate = (await sessions.vault(session.account.id)) === undefined ? 'choose' : 'unlock'
}

/** The token or the lease had run out; the store is open behind the gate. */
async function enterAgain(session: Session, store: Store): Promise<void> {
  live.session = session
  state.account = session.account
  await sessions.enter(session, store.codec)
  if (state.gate === 'lease') {
    await store.meta.noteSync({ lastSync: now() })
    await enter(store)
  }
  syncNow()
}

/**
 * Signs out: of the practice village, back to what was before it. The server is told, so
 * that the token is worth nothing; without a network it is gone from this tablet alone,
 * and the office can end it.
 */
export async function signOut(): Promise<void> {
  if (state.practice) return leavePractice()
  const token = live.session?.token
  await leave()
  if (token !== undefined) void api.signOut(token).catch((error: unknown) => console.warn('sign-out was not told', error))
}

/** Back to the lock of what was open before, or to the sign-in. */
export async function leavePractice(): Promise<void> {
  state.gate = 'starting'
  await nextTick()
  await close()
  state.practice = false
  await start()
}

/** To the sign-in with the account, because the passphrase is forgotten; and back. */
export function forget(): void {
  coolDown()
  state.gate = 'forgot'
}

export function remember(): void {
  if (state.who !== null) state.gate = 'unlock'
}
