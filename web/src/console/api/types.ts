/**
 * What the server answers, as docs/protocol.md and the console routes define
 * it. Optional is what a server may leave out; screens must do without.
 */
export type * from './types/administration'
export type * from './types/audit'
export type * from './types/casework'
export type * from './types/complaints'
export type * from './types/deliberations'
export type * from './types/delivered'
export type * from './types/determination'
export type * from './types/devices'
export type * from './types/figures'
export type * from './types/households'
export type * from './types/lists'
export type * from './types/monitoring'
export type * from './types/referrals'
export type * from './types/search'
export type * from './types/shared'
export type * from './types/supervision'
export type * from './types/sync'
export type * from './types/today'
export type * from './types/warnings'
export type * from './types/webhooks'
