/** What a browser calls itself, shortened to its name and its system: 'Chrome 128 · Android 13'. */
const browsers: readonly [RegExp, string][] = [
  [/Edg(?:A|e)?\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:HeadlessChrome|Chrome)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* .*Safari/, 'Safari'],
]
const systems: readonly [RegExp, string][] = [
  [/Android (\d+)/, 'Android'],
  [/HarmonyOS(?:[/ ](\d+))?/, 'HarmonyOS'],
  [/Windows NT/, 'Windows'],
  [/(?:iPhone|iPad).*? OS (\d+)/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

export function agentOf(agent: string): string {
  const first = (table: readonly [RegExp, string][]) => {
    for (const [pattern, name] of table) {
      const found = pattern.exec(agent)
      if (found) return found[1] ? `${name} ${found[1]}` : name
    }
    return ''
  }
  return [first(browsers), first(systems)].filter(Boolean).join(' · ')
}
