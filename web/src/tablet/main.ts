// The tablet's entry: mounts the worker's application at /.
import { createApp } from 'vue'
import './vant'
import './theme/tokens.css'
import './theme/vant.css'
import './theme/base.css'
import { applyLanguage, i18n } from './i18n'
import { router } from './router'
import { applyTextSize, applyTheme } from './data/preferences'
import TabletApp from './TabletApp.vue'

applyTextSize()
applyTheme()
void applyLanguage()
createApp(TabletApp).use(i18n).use(router).mount('#app')
