/** What may wait for a desk, by the server's names (register/todo.go), in the order of the tabs. */
export const TODO_KINDS = [
  'warning', 'urgent', 'lead', 'case', 'referral', 'handover', 'deliberation', 'held', 'review', 'application', 'task', 'order', 'charity', 'contract',
] as const
export type TodoKind = (typeof TODO_KINDS)[number]
