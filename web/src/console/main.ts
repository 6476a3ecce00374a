// The console's entry: mounts the reviewer's application at /console/.
import { createApp } from 'vue'
import ConsoleApp from './ConsoleApp.vue'

createApp(ConsoleApp).mount('#app')
