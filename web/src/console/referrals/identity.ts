/** Ids of what this desk makes: the server takes one that comes twice as one. */
import { newId } from '@/sync/identity'

export const newReferralId = (): string => newId({ now: Date.now, random: (bytes) => void crypto.getRandomValues(bytes) })
