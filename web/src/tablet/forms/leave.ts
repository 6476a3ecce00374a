// Leaving a form that ended: back to where it was opened from (a visit keeps its
// place), or to the household where the app was opened in the form itself.
import type { Router } from 'vue-router'

export async function leaveForm(router: Router, household: string): Promise<void> {
  if (window.history.state?.back) router.back()
  else await toHousehold(router, household)
}

/** To the household's page, without a second copy of it behind. */
export async function toHousehold(router: Router, household: string): Promise<void> {
  const page = `/households/${household}`
  if (window.history.state?.back === page) router.back()
  else await router.replace(page)
}
