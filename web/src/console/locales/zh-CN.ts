// The Chinese words: a file for each part of the console, named as its keys begin.
const files = import.meta.glob<Record<string, unknown>>('./zh-CN/*.json', { eager: true, import: 'default' })

export const zhCN = Object.fromEntries(Object.entries(files).map(([path, words]) => [path.slice('./zh-CN/'.length, -'.json'.length), words]))
