// Which kinds of visit a role makes (domain: 走访/随访 by village and social workers,
// 入户调查 by two of the town's staff). A table; the words are the schema's.

interface KindRule {
  kind: string
  roles: readonly string[]
  /** Only where a task of such a kind is open: the visit answers it. */
  task?: readonly string[]
}

const rules: readonly KindRule[] = [
  { kind: 'routine', roles: ['worker', 'town', 'county'] },
  { kind: 'follow_up', roles: ['social'] },
  { kind: 'verification', roles: ['worker', 'social', 'town', 'county'], task: ['verify', 'reassess'] },
  { kind: 'investigation', roles: ['town', 'county'] },
]

/** How many of the town's staff an investigation names. */
export const investigators = 2

/** Kinds of task that a visit can close: each with the kind of visit that answers it. */
export const visitTasks = new Set(['visit', 'verify', 'reassess'])
export const asksVerification = (task: string): boolean => rules.some((rule) => rule.kind === 'verification' && rule.task?.includes(task))

export function visitKinds(role: string, openTasks: readonly string[]): string[] {
  const allowed = rules.filter((rule) => rule.roles.includes(role) && (rule.task === undefined || rule.task.some((kind) => openTasks.includes(kind))))
  return allowed.length > 0 ? allowed.map((rule) => rule.kind) : ['routine']
}
