/** Who took part, while the minutes are written. Pure. */
import type { Values } from '../api/types'

export interface Seat {
  account: string
  name: string
  unit: string
  stance: string
  opinion: string
}

export const emptySeat = (): Seat => ({ account: '', name: '', unit: '', stance: '', opinion: '' })
const isWhole = (seat: Seat): boolean => (seat.account !== '' || seat.name.trim() !== '') && seat.stance !== '' && seat.opinion.trim() !== ''
const isBlank = (seat: Seat): boolean => Object.values(seat).every((text: string) => text.trim() === '')

/** What the seats lack before they can be sent: too few people, or a word of somebody; '' nothing. */
export function faultOf(seats: readonly Seat[], least: number): '' | 'few' | 'words' {
  const taken = seats.filter((seat) => !isBlank(seat))
  if (taken.length < least) return 'few'
  return taken.every(isWhole) ? '' : 'words'
}

/** What is sent: who has an account is named by it, so that nobody else can sign for them. */
export const seatsOf = (seats: readonly Seat[], chair: number): Values[] =>
  seats.flatMap((seat, at) => (isBlank(seat) ? [] : [{ account: seat.account, name: seat.account ? '' : seat.name.trim(), unit: seat.unit.trim(), chair: at === chair, stance: seat.stance, opinion: seat.opinion.trim() }]))
