/** Addresses of the console. Each screen and each selected item has one, so that a link can be sent to a colleague. */
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { say } from './i18n'
import { INNER, SCREENS, type Screen } from './screens'
import type { useSession } from './session/session'
import ShellPage from './shell/ShellPage.vue'
import SignInPage from './session/SignInPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    screen?: Screen
  }
}

export function createConsoleRouter(session: ReturnType<typeof useSession>): Router {
  const router = createRouter({
    history: createWebHistory('/console/'),
    routes: [
      { path: '/sign-in', name: 'signIn', component: SignInPage },
      {
        path: '/',
        component: ShellPage,
        children: [
          { path: '', name: 'home', redirect: () => ({ name: session.desk?.screens[0] ?? 'signIn' }) },
          ...SCREENS.map((row) => ({ path: row.path, name: row.name, meta: { screen: row.name }, component: row.page })),
          ...INNER.map((row) => ({ path: row.path, name: row.name, meta: { screen: row.screen }, component: row.page })),
          { path: ':rest(.*)*', name: 'notFound', component: () => import('./shell/NotFoundPage.vue') },
        ],
      },
    ],
  })
  router.beforeEach((to) => {
    if (to.name === 'signIn') return session.token ? { name: 'home' } : true
    if (!session.token || !session.desk) return { name: 'signIn', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    if (to.meta.screen && !session.desk.screens.includes(to.meta.screen)) return { name: 'home' }
    return true
  })
  router.afterEach((to) => {
    const place = to.meta.screen ? say(`nav.${to.meta.screen}`) : say('app.console')
    document.title = say('app.title', { place })
  })
  return router
}
