// The English texts, as far as they go; what is not there is shown in Chinese. Loaded
// when somebody chooses English: no part of the first download.
const files = import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' })

export const en = Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.slice('./en/'.length, -'.json'.length), texts]))
