/** Where a meeting is entered, and about what. */
import { NEW } from '../casework/queues'

export const newMeeting = (about: { household: string; warning?: string; application?: string; replaces?: string }) => ({ name: 'deliberations', params: { queue: '', file: NEW }, query: { ...about } })
