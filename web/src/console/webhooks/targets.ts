/** Every department that can have a system, with the one it has. */
import type { WebhookTarget } from '../api/types'

const none = (department: string): WebhookTarget =>
  ({ department, url: '', enabled: false, keys: 0, changed: '', waiting: 0, failed: 0, delivered: '' })

/** Those with a system first, what fails before all. */
export function rowsOf(departments: readonly string[], targets: readonly WebhookTarget[]): WebhookTarget[] {
  const known = new Map(targets.map((target) => [target.department, target]))
  const all = [...new Set([...targets.map((target) => target.department), ...departments])].map((department) => known.get(department) ?? none(department))
  const rank = (target: WebhookTarget): number => (target.failed > 0 ? 0 : target.url ? 1 : 2)
  return all.sort((a, b) => rank(a) - rank(b))
}
