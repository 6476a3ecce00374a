/** How a file's state is coloured: overdue before all, then whether somebody must act, then how it ended. */
import type { CaseFile } from '../api/types'

const ENDED_WELL = new Set(['answered', 'complete', 'explained', 'delivered', 'finished', 'accepted'])

export const fileChip = (file: CaseFile): string =>
  file.closed_on ? (ENDED_WELL.has(file.state) ? 'chip-green' : '') : file.overdue_on ? 'chip-red' : 'chip-blue'
