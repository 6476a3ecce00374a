/** Addresses of the console. Each screen and each selected item has one, so that a link can be sent to a colleague. */
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { say } from './i18n'
import { pages } from './pages'
import type { Screen } from './session/roles'
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
          { path: 'reviews/:op?', name: 'reviews', meta: { screen: 'reviews' }, component: pages.reviews },
          { path: 'cases/:state(open|resolved)?/:case?', name: 'cases', meta: { screen: 'cases' }, component: pages.cases },
          { path: 'warnings/:state(away|closed)?/:warning?', name: 'warnings', meta: { screen: 'warnings' }, component: pages.warnings },
          { path: 'ops/:outcome(held|rejected|lost)?/:op?', name: 'ops', meta: { screen: 'ops' }, component: pages.ops },
          { path: 'households', name: 'households', meta: { screen: 'households' }, component: pages.households },
          { path: 'households/:household', name: 'household', meta: { screen: 'households' }, component: pages.household },
          { path: 'applications/:queue(closed)?/:application?', name: 'applications', meta: { screen: 'applications' }, component: pages.applications },
          { path: 'referrals/:queue(overdue|returned|closed)?/:referral?', name: 'referrals', meta: { screen: 'referrals' }, component: pages.referrals },
          { path: 'inbox/:queue(overdue|returned|closed)?/:referral?', name: 'inbox', meta: { screen: 'inbox' }, component: pages.inbox },
          { path: 'inquiry', name: 'inquiry', meta: { screen: 'inquiry' }, component: pages.inquiry },
          { path: 'complaints', name: 'complaints', meta: { screen: 'complaints' }, component: pages.complaints },
          { path: 'devices', name: 'devices', meta: { screen: 'devices' }, component: pages.devices },
          { path: ':rest(.*)*', name: 'notFound', component: pages.notFound },
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
