// Pinyin of names, for search: initials and full spelling. Loaded when somebody
// first types Latin letters; tiny-pinyin reads the browser's own collation, so no
// table has to be downloaded. Surnames with a reading of their own come first.
import pinyin from 'tiny-pinyin'

const surnames: Record<string, string> = {
  单: 'shan', 曾: 'zeng', 仇: 'qiu', 解: 'xie', 查: 'zha', 盖: 'ge', 区: 'ou', 朴: 'piao', 任: 'ren', 覃: 'qin',
  尉: 'yu', 翟: 'zhai', 乐: 'yue', 缪: 'miao', 晁: 'chao', 员: 'yun', 黑: 'he', 种: 'chong', 秘: 'bi', 冼: 'xian',
}

export interface Spelling {
  initials: string
  full: string
}

export function spell(name: string): Spelling {
  const parts = [...name].map((letter, at) => (at === 0 && surnames[letter]) || reading(letter))
  return { initials: parts.map((part) => part.slice(0, 1)).join(''), full: parts.join('') }
}

/** How each letter is read: asking the browser's collation is slow, and names repeat their letters. */
const readings = new Map<string, string>()
/** More letters than names are made of: whoever types other text here does not fill the memory. */
const keptReadings = 8192

function reading(letter: string): string {
  if (!/[\u4e00-\u9fff]/.test(letter)) return letter.toLowerCase()
  let known = readings.get(letter)
  if (known === undefined) {
    known = pinyin.convertToPinyin(letter, '', true)
    if (readings.size >= keptReadings) readings.clear()
    readings.set(letter, known)
  }
  return known
}
