/** How long a notice still hangs. */

const DAY_MILLIS = 86_400_000

/** Days that are left with today counted; 0 and less: its time is over. */
export function daysLeft(to: string, today: string): number {
  const [end, now] = [Date.parse(`${to}T00:00:00Z`), Date.parse(`${today}T00:00:00Z`)]
  return Number.isNaN(end) || Number.isNaN(now) ? 0 : Math.round((end - now) / DAY_MILLIS) + 1
}

/** Villages in which something hangs, by code, each once, in the order of the list. */
export function villagesOf(notices: readonly { region?: string; village: string }[]): { region: string; village: string }[] {
  const seen = new Map<string, string>()
  for (const { region, village } of notices) if (region && !seen.has(region)) seen.set(region, village)
  return [...seen].map(([region, village]) => ({ region, village })).sort((a, b) => a.region.localeCompare(b.region))
}
