// The Chinese texts: a file for each part of the app, named as its keys begin.
const files = import.meta.glob<Record<string, unknown>>('./zh-CN/*.json', { eager: true, import: 'default' })

export const zhCN = Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.slice('./zh-CN/'.length, -'.json'.length), texts]))
