// The console's entry: wires client, session, words and addresses together, and mounts the application at /console/.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './theme/element'
import './theme/tokens.css'
import './theme/page.css'
import { createClient } from './api/client'
import { provideApi } from './api/provide'
import ConsoleApp from './ConsoleApp.vue'
import { i18n } from './i18n'
import { createConsoleRouter } from './router'
import { useSession } from './session/session'

const RELOADED = 'doorstep.console.reloaded'
const RELOAD_PAUSE_MILLIS = 30_000

/** Loads the new build; not in a circle, if it is the network that is down. */
function reloadOnce() {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MILLIS) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  location.reload()
}

const app = createApp(ConsoleApp)
app.use(createPinia())
app.use(i18n)

const session = useSession()
const client = createClient({
  fetch: (input, init) => fetch(input, init),
  token: () => session.token,
  onUnauthenticated: (token) => {
    if (token === session.token) session.end('expired')
  },
})
provideApi(app, client)

// After an update of the server the old build's files are gone: a page not visited yet cannot load.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  reloadOnce()
})

app.use(createConsoleRouter(session))
app.mount('#app')
