/** How a ruling on an error is said and coloured. */
import type { Correction } from '../api/types'

export const excusedWord = (item: Correction): 'excused' | 'notExcused' | 'unruled' => (item.excused === null ? 'unruled' : item.excused ? 'excused' : 'notExcused')
export const excusedChip = (item: Correction): string => (item.excused === null ? 'chip-orange' : item.excused ? 'chip-green' : '')
