/** Each page's code is a file of its own. */
export const pages = {
  reviews: () => import('./reviews/ReviewsPage.vue'),
  cases: () => import('./cases/CasesPage.vue'),
  warnings: () => import('./warnings/WarningsPage.vue'),
  ops: () => import('./ops/OpsPage.vue'),
  households: () => import('./households/HouseholdsPage.vue'),
  household: () => import('./households/HouseholdPage.vue'),
  applications: () => import('./applications/ApplicationsPage.vue'),
  referrals: () => import('./referrals/ReferralsPage.vue'),
  inbox: () => import('./department/InboxPage.vue'),
  inquiry: () => import('./department/InquiryPage.vue'),
  complaints: () => import('./complaints/ComplaintsPage.vue'),
  devices: () => import('./devices/DevicesPage.vue'),
  notFound: () => import('./shell/NotFoundPage.vue'),
}

/** Fetches what is not here yet, so that a later loss of the network does not stop the reader. */
export function fetchPages(): Promise<unknown> {
  return Promise.allSettled(Object.values(pages).map((page) => page()))
}
