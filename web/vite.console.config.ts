// The console's build: /console/, run after the tablet's (which empties pb_public).
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { output } from './build/output.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('./console'),
  base: '/console/',
  publicDir: false,
  define: { __INTLIFY_PROD_DEVTOOLS__: 'false', __VUE_I18N_LEGACY_API__: 'false' },
  plugins: [vue()],
  resolve: { alias: { '@': here('./src') } },
  build: output(here('../pb_public/console'), here('./console/index.html')),
})
