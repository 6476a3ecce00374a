// The tablet's entry: mounts the worker's application at /.
import { createApp } from 'vue'
import './vant'
import './theme/tokens.css'
import './theme/vant.css'
import './theme/base.css'
import { i18n } from './i18n'
import { router } from './router'
import { applyTextSize } from './data/preferences'
import TabletApp from './TabletApp.vue'

applyTextSize()
createApp(TabletApp).use(i18n).use(router).mount('#app')
