/** The console's words. Chinese is complete; another language is another folder beside it. */
import { createI18n } from 'vue-i18n'
import { zhCN } from './locales/zh-CN'

export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: 'zh-CN', messages: { 'zh-CN': zhCN } })

/** For code outside of components. */
export const say = (key: string, values?: Record<string, unknown>): string => i18n.global.t(key, values ?? {})
