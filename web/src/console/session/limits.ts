/** After this long without a sign of life the desk is signed out; a minute before, it is told. */
export const IDLE_MINUTES = 30
export const IDLE_WARNING_MINUTES = 1
/**
 * How often the token is renewed while somebody is here: the server ends a desk's session
 * that it has not heard of for 45 minutes (register.DeskIdle), as when the browser was shut.
 */
export const RENEW_MINUTES = 10
