/** The console's words: Chinese, complete, and English, begun; each is another folder of locales. */
import { shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'
import zhElement from 'element-plus/es/locale/lang/zh-cn'
import { zhCN } from './locales/zh-CN'

/** Each language is called by its own name, whatever the console speaks. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEPT = 'doorstep-console-language'

// A text that English lacks is no fault: it is shown in Chinese.
export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: 'zh-CN', missingWarn: false, fallbackWarn: false, messages: { 'zh-CN': zhCN } })

/** What Element Plus says itself: calendars, dialogs, empty tables. */
export const elementWords = shallowRef(zhElement)

/** For code outside of components. */
export const say = (key: string, values?: Record<string, unknown>): string => i18n.global.t(key, values ?? {})

/** As this person chose it on this computer. */
export const keptLanguage = (): Language => LANGUAGES.find((each) => each === localStorage.getItem(KEPT)) ?? 'zh-CN'

export async function speakLanguage(chosen: Language): Promise<void> {
  const global = i18n.global as unknown as { locale: { value: Language }; setLocaleMessage: (locale: string, words: object) => void }
  if (chosen === 'en') {
    const english = await import('./locales/en')
    global.setLocaleMessage('en', english.en)
    elementWords.value = english.elementWords
  } else elementWords.value = zhElement
  global.locale.value = chosen
  document.documentElement.lang = chosen
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  await speakLanguage(chosen)
  localStorage.setItem(KEPT, chosen)
}
