/** The queues of files, and where the form of a new one stands in the address. */
import type { CaseFile } from '../api/types'

export const NEW = 'new'
export const DUE_QUEUES = ['open', 'overdue', 'closed'] as const

/** In which queue a file is found: what is closed has its day. */
export const holdsFile = (queue: string, file: CaseFile): boolean =>
  queue === 'closed' ? file.closed_on !== '' : file.closed_on === '' && (queue !== 'overdue' || file.overdue_on !== '')
