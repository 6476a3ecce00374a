// The console's entry: wires client, session, words and addresses together, and mounts the application at /console/.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './theme/element'
import './theme/tokens.css'
import './theme/page.css'
import { createClient } from './api/client'
import { provideApi } from './api/provide'
import ConsoleApp from './ConsoleApp.vue'
import { i18n, keptLanguage, speakLanguage } from './i18n'
import { createConsoleRouter } from './router'
import { mendFailedPages } from './shell/failedPages'
import { useSession } from './session/session'

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

const router = createConsoleRouter(session)
mendFailedPages(router)
app.use(router)
// Without its English words the console speaks Chinese: nobody is kept from work by them.
void speakLanguage(keptLanguage()).catch(() => undefined).then(() => app.mount('#app'))
