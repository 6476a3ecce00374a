// What this device tells of itself at registration.
import type { DeviceDescription } from '@/sync/context'

export const appVersion = '0.1.0'

export function describeDevice(): DeviceDescription {
  const agent = navigator.userAgent
  const system = /Android [\d.]+|Windows NT [\d.]+|Mac OS X [\d_]+|iPad|iPhone|HarmonyOS|Linux/.exec(agent)?.[0] ?? 'unknown'
  const browser = /(Edg|Chrome|Firefox|Version)\/(\d+)/.exec(agent)
  const model = /Android [\d.]+; ([^;)]+)/.exec(agent)?.[1]?.trim()
  const name = model && model !== 'K' ? model : system.replace(/[_\d.]+$/, '').trim()
  return { name: name.slice(0, 60) || 'tablet', platform: `${system} / ${browser?.[1] ?? 'browser'} ${browser?.[2] ?? ''}`.trim(), app: appVersion }
}
