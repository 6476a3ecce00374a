// @vitest-environment jsdom
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { deskOf } from './roles'
import { useSession } from './session'

const account = { id: 'u', name: '匡文静', role: 'town' }

/** What a reload does: a new store over the same tab's storage. */
function reloaded() {
  setActivePinia(createPinia())
  return useSession()
}

describe('the session', () => {
  beforeEach(() => {
    sessionStorage.clear()
    setActivePinia(createPinia())
  })

  it('survives a reload of the tab, and ends with its reason', () => {
    useSession().begin({ token: 'T', account })
    const session = reloaded()
    expect(session.token).toBe('T')
    expect(session.desk?.decides).toBe(true)
    session.end('idle')
    expect(session.ended).toBe('idle')
    expect(reloaded().token).toBeNull()
  })

  it('bears a storage that holds nonsense', () => {
    sessionStorage.setItem('doorstep.console.session', '{"token":5}')
    expect(reloaded().token).toBeNull()
    sessionStorage.setItem('doorstep.console.session', 'x')
    expect(reloaded().token).toBeNull()
  })

  it('keeps the token out of localStorage', () => {
    useSession().begin({ token: 'T', account })
    expect(localStorage.length).toBe(0)
  })
})

describe('deskOf', () => {
  it('gives the auditor a desk without decisions, the administrator, departments and the data centre no household, and the field none', () => {
    expect(deskOf('auditor')).toMatchObject({ decides: false })
    for (const [role, screen] of [['admin', 'devices'], ['department', 'inbox']] as const) {
      expect(deskOf(role)?.screens).toContain(screen)
      for (const content of ['households', 'reviews', 'cases', 'warnings', 'ops', 'applications', 'referrals']) expect(deskOf(role)?.screens).not.toContain(content)
    }
    expect(deskOf('data')?.screens).toEqual(['sources', 'batches', 'own'])
    for (const role of ['worker', 'social', 'constructor', undefined]) expect(deskOf(role)).toBeNull()
  })
})
