// The tablet's entry: mounts the worker's application at /.
import { createApp } from 'vue'
import TabletApp from './TabletApp.vue'

createApp(TabletApp).mount('#app')
