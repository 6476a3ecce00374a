/** After this long without a sign of life the desk is signed out; a minute before, it is told. */
export const IDLE_MINUTES = 30
export const IDLE_WARNING_MINUTES = 1
/** How often the token's remaining life is looked at. */
export const RENEW_CHECK_MINUTES = 5
