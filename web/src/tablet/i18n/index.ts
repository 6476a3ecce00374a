// The app's language: Chinese, complete, and English, begun. No text stands anywhere else.
import { createI18n } from 'vue-i18n'
import { language, type Language } from '../data/preferences'
import { speakDates } from '../data/words'
import { zhCN } from './zh-CN'

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN },
  missingWarn: true,
  // A text that English lacks is no fault: it is shown in Chinese.
  fallbackWarn: false,
})

export async function applyLanguage(chosen: Language = language()): Promise<void> {
  const global = i18n.global as unknown as { locale: { value: Language }; setLocaleMessage: (locale: string, texts: object) => void }
  if (chosen === 'en') global.setLocaleMessage('en', (await import('./en')).en)
  speakDates(chosen)
  global.locale.value = chosen
  document.documentElement.lang = chosen
}
