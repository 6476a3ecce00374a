/**
 * The console's screens, one row each, in the menu's order: its group there, its
 * address, its page and who has it. Menu, router and desks are made of this table;
 * a screen's word is `nav.<name>`, its drawing stands in shell/icons.ts. The server
 * decides who may read and do what; this keeps the screen honest about it.
 */
import type { Component } from 'vue'
import { TODO_KINDS } from './today/kinds'

export type Screen =
  | 'today'
  | 'reviews'
  | 'cases'
  | 'warnings'
  | 'ops'
  | 'households'
  | 'applications'
  | 'referrals'
  | 'handovers'
  | 'deliberations'
  | 'leads'
  | 'relatives'
  | 'funds'
  | 'declarations'
  | 'corrections'
  | 'inspections'
  | 'orders'
  | 'contracts'
  | 'urgent'
  | 'charity'
  | 'complaints'
  | 'dashboard'
  | 'indicators'
  | 'parameters'
  | 'calendar'
  | 'inbox'
  | 'inquiry'
  | 'accounts'
  | 'regions'
  | 'loads'
  | 'sources'
  | 'batches'
  | 'results'
  | 'delivered'
  | 'publicity'
  | 'audit'
  | 'devices'
  | 'webhooks'
  | 'own'

/** The menu's headings, in their order. */
export type Group = 'desk' | 'assist' | 'department' | 'monitor' | 'oversight' | 'system'

export interface ScreenRow {
  name: Screen
  group: Group
  /** Below /console/; what is selected stands in the address, so that a link can be sent to a colleague. */
  path: string
  /** Only in a county that is joined to a province. */
  joined?: true
  page: () => Promise<{ default: Component }>
  roles: readonly string[]
}

const office = ['town', 'county', 'auditor']
/** The data centre sends lists and sees no household. */
const lists = ['county', 'data', 'auditor']

export const SCREENS: readonly ScreenRow[] = [
  { name: 'today', group: 'desk', path: `today/:kind(${TODO_KINDS.join('|')})?`, page: () => import('./today/TodayPage.vue'), roles: ['town', 'county'] },
  { name: 'reviews', group: 'desk', path: 'reviews/:op?', page: () => import('./reviews/ReviewsPage.vue'), roles: office },
  { name: 'cases', group: 'desk', path: 'cases/:state(open|resolved)?/:case?', page: () => import('./cases/CasesPage.vue'), roles: office },
  { name: 'warnings', group: 'desk', path: 'warnings/:state(away|closed)?/:warning?', page: () => import('./warnings/WarningsPage.vue'), roles: office },
  { name: 'ops', group: 'desk', path: 'ops/:outcome(held|rejected|lost)?/:op?', page: () => import('./ops/OpsPage.vue'), roles: office },
  { name: 'households', group: 'desk', path: 'households', page: () => import('./households/HouseholdsPage.vue'), roles: office },
  { name: 'orders', group: 'desk', path: 'orders/:queue(overdue|closed)?/:file?', page: () => import('./orders/OrdersPage.vue'), roles: office },
  { name: 'applications', group: 'assist', path: 'applications/:queue(closed)?/:application?', page: () => import('./applications/ApplicationsPage.vue'), roles: office },
  { name: 'deliberations', group: 'assist', path: 'deliberations/:queue(signed|closed)?/:file?', page: () => import('./deliberations/DeliberationsPage.vue'), roles: office },
  { name: 'publicity', group: 'assist', path: 'publicity/:queue(closed)?/:notice?', page: () => import('./publicity/PublicityPage.vue'), roles: office },
  { name: 'referrals', group: 'assist', path: 'referrals/:queue(overdue|returned|closed)?/:referral?', page: () => import('./referrals/ReferralsPage.vue'), roles: office },
  { name: 'handovers', group: 'assist', path: 'handovers/:queue(in|out|closed)?/:file?', joined: true, page: () => import('./handovers/HandoversPage.vue'), roles: office },
  { name: 'leads', group: 'assist', path: 'leads/:queue(overdue|closed)?/:file?', page: () => import('./leads/LeadsPage.vue'), roles: office },
  { name: 'urgent', group: 'assist', path: 'urgent/:queue(overdue|closed)?/:file?', page: () => import('./urgent/UrgentPage.vue'), roles: office },
  { name: 'charity', group: 'assist', path: 'charity/:queue(closed|offers|ended)?/:file?', page: () => import('./charity/CharityPage.vue'), roles: office },
  { name: 'contracts', group: 'assist', path: 'contracts/:queue(closed)?/:file?', page: () => import('./contracts/ContractsPage.vue'), roles: office },
  { name: 'complaints', group: 'assist', path: 'complaints', page: () => import('./complaints/ComplaintsPage.vue'), roles: office },
  { name: 'inbox', group: 'department', path: 'inbox/:queue(overdue|returned|closed)?/:referral?', page: () => import('./department/InboxPage.vue'), roles: ['department'] },
  { name: 'inquiry', group: 'department', path: 'inquiry', page: () => import('./department/InquiryPage.vue'), roles: ['department'] },
  { name: 'dashboard', group: 'monitor', path: 'dashboard', page: () => import('./dashboard/DashboardPage.vue'), roles: office },
  { name: 'indicators', group: 'monitor', path: 'indicators/:indicator?', page: () => import('./indicators/IndicatorsPage.vue'), roles: office },
  { name: 'sources', group: 'monitor', path: 'sources/:source?', page: () => import('./comparison/SourcesPage.vue'), roles: lists },
  { name: 'batches', group: 'monitor', path: 'batches/:batch?', page: () => import('./comparison/BatchesPage.vue'), roles: lists },
  { name: 'results', group: 'monitor', path: 'results/:queue(standing|dismissed)?/:result?', page: () => import('./comparison/ResultsPage.vue'), roles: office },
  { name: 'delivered', group: 'department', path: 'delivered/:state(given|returned|planned)?', page: () => import('./department/DeliveredPage.vue'), roles: ['department'] },
  { name: 'funds', group: 'oversight', path: 'funds', page: () => import('./supervision/FundsPage.vue'), roles: [...office, 'department'] },
  { name: 'inspections', group: 'oversight', path: 'inspections/:file?', page: () => import('./supervision/InspectionsPage.vue'), roles: ['county', 'auditor'] },
  { name: 'declarations', group: 'oversight', path: 'declarations/:file?', page: () => import('./supervision/DeclarationsPage.vue'), roles: office },
  { name: 'corrections', group: 'oversight', path: 'corrections/:file?', page: () => import('./supervision/CorrectionsPage.vue'), roles: office },
  { name: 'relatives', group: 'oversight', path: 'relatives/:queue(ended)?/:file?', page: () => import('./supervision/RelativesPage.vue'), roles: office },
  // Whoever works is not who looks at the log.
  { name: 'audit', group: 'oversight', path: 'audit', page: () => import('./audit/AuditPage.vue'), roles: ['auditor'] },
  { name: 'parameters', group: 'system', path: 'parameters/:parameter?', page: () => import('./parameters/ParametersPage.vue'), roles: office },
  { name: 'calendar', group: 'system', path: 'calendar', page: () => import('./calendar/CalendarPage.vue'), roles: office },
  // The administrator sees no household content: tablets alone.
  { name: 'devices', group: 'system', path: 'devices', page: () => import('./devices/DevicesPage.vue'), roles: [...office, 'admin'] },
  { name: 'accounts', group: 'system', path: 'accounts', page: () => import('./accounts/AccountsPage.vue'), roles: [...office, 'admin'] },
  { name: 'regions', group: 'system', path: 'regions/:town?', page: () => import('./regions/RegionsPage.vue'), roles: [...office, 'admin'] },
  { name: 'loads', group: 'system', path: 'loads', page: () => import('./loads/LoadsPage.vue'), roles: ['county'] },
  { name: 'webhooks', group: 'system', path: 'webhooks/:department?', page: () => import('./webhooks/WebhooksPage.vue'), roles: ['county', 'auditor', 'admin'] },
  { name: 'own', group: 'system', path: 'own', page: () => import('./own/OwnPage.vue'), roles: [...office, 'department', 'data', 'admin'] },
]

/** Pages that are reached from a screen's list and have no place of their own in the menu. */
export const INNER: readonly { name: string; screen: Screen; path: string; page: ScreenRow['page'] }[] = [
  { name: 'household', screen: 'households', path: 'households/:household', page: () => import('./households/HouseholdPage.vue') },
]

/** Fetches what is not here yet, so that a later loss of the network does not stop the reader. */
export function fetchPages(screens: readonly Screen[]): Promise<unknown> {
  return Promise.allSettled([...SCREENS, ...INNER]
    .filter((row) => screens.includes('screen' in row ? row.screen : row.name)).map((row) => row.page()))
}
