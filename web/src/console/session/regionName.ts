/**
 * Region names as this desk needs them: without the part that is the same for
 * everything it sees. To 李哥庄镇, 胶州市李哥庄镇港东新村 is 港东新村.
 */
import { useSession } from './session'

export function withoutArea(name: string | null | undefined, areas: readonly string[]): string {
  const full = name ?? ''
  const own = areas.filter((area) => area && full.startsWith(area) && full.length > area.length)
  const longest = own.reduce((best, area) => (area.length > best.length ? area : best), '')
  return full.slice(longest.length)
}

export function useRegionName(): (name: string | null | undefined) => string {
  const areas = useSession().account?.area_names ?? []
  return (name) => withoutArea(name, areas)
}
