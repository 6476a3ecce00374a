// What the browser knows of the connection: a hint, where it gives one. Nothing asks
// it whether there is a network; it says whether bytes cost the worker money.
import { photosOnMobileData } from './preferences'

interface Connection extends EventTarget {
  saveData?: boolean
  type?: string
}

export const connection = (): Connection | undefined => (navigator as { connection?: Connection }).connection

export function isMetered(): boolean {
  const known = connection()
  return known !== undefined && (known.saveData === true || known.type === 'cellular')
}

/** Photos wait on mobile data, unless the worker has said once and for all that they need not. */
export const photosShouldWait = (): boolean => isMetered() && !photosOnMobileData()
