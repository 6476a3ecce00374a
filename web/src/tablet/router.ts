// The screens and their addresses. Hash history: the server needs no rule for them.
import { createRouter, createWebHashHistory } from 'vue-router'
import SignInScreen from './screens/SignInScreen.vue'
import TodayScreen from './screens/TodayScreen.vue'

export const router = createRouter({
  history: createWebHashHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', component: TodayScreen, meta: { tabs: true } },
    { path: '/households', component: () => import('./screens/HouseholdsScreen.vue'), meta: { tabs: true } },
    { path: '/households/:id', component: () => import('./screens/HouseholdScreen.vue'), props: true },
    { path: '/households/:id/visit/:draft', component: () => import('./screens/VisitScreen.vue'), props: true },
    { path: '/households/:id/status/:draft', component: () => import('./screens/StatusScreen.vue'), props: true },
    { path: '/households/:id/edit/:type/:record/:draft', component: () => import('./screens/EditScreen.vue'), props: true },
    { path: '/households/:id/followup/:draft', component: () => import('./screens/FollowupScreen.vue'), props: true },
    { path: '/households/:id/application/:draft', component: () => import('./screens/ApplicationScreen.vue'), props: true },
    { path: '/households/:id/supplement/:type/:record/:draft', component: () => import('./screens/SupplementScreen.vue'), props: true },
    { path: '/households/new/:draft', component: () => import('./screens/NewHouseholdScreen.vue'), props: true },
    { path: '/followups', component: () => import('./screens/FollowupsScreen.vue') },
    { path: '/sync', component: () => import('./screens/SyncScreen.vue'), meta: { tabs: true } },
    { path: '/me', component: () => import('./screens/MeScreen.vue'), meta: { tabs: true } },
    { path: '/policy', component: () => import('./screens/PolicyListScreen.vue') },
    { path: '/policy/:item', component: () => import('./screens/PolicyScreen.vue'), props: true },
    { path: '/print/:what(visit|draft)/:id', component: () => import('./screens/PrintScreen.vue'), props: true },
    { path: '/complaints', component: () => import('./screens/ComplaintsScreen.vue') },
    { path: '/complaints/new/:draft', component: () => import('./screens/ComplaintScreen.vue'), props: true },
    { path: '/passphrase', component: () => import('./screens/PassphraseScreen.vue') },
    { path: '/signin', component: SignInScreen },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
