// The English words, as far as they go: the rest is shown in Chinese. Loaded when somebody
// chooses English, with Element Plus's own words: no part of the first download.
export { default as elementWords } from 'element-plus/es/locale/lang/en'

const files = import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' })

export const en = Object.fromEntries(Object.entries(files).map(([path, words]) => [path.slice('./en/'.length, -'.json'.length), words]))
