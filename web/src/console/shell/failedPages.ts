/**
 * A page's code that does not load: either the network is down, then the reader
 * stays where they are and is told; or the server was updated and the old
 * build's files are gone, then the new build is loaded at the place asked for.
 */
import { ElMessage } from 'element-plus'
import type { Router } from 'vue-router'
import { say } from '../i18n'

const RELOADED = 'doorstep.console.reloaded'
/** A new build that does not load either is not tried again and again. */
const RELOAD_PAUSE_MILLIS = 30_000

export function mendFailedPages(router: Router) {
  router.onError(async (_error, to) => {
    if ((await serverAnswers(router.resolve({ name: 'home' }).href)) && mayReload()) {
      location.assign(router.resolve(to).href)
      return
    }
    ElMessage.error({ message: say('error.network'), grouping: true })
  })
}

async function serverAnswers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { cache: 'no-store' })).ok
  } catch {
    return false
  }
}

function mayReload(): boolean {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MILLIS) return false
  sessionStorage.setItem(RELOADED, String(Date.now()))
  return true
}
