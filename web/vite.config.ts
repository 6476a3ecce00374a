// The tablet's build, the development server of both entries, and Vitest.
// The console is built by vite.console.config.ts: a build of its own, so that no
// line of it can reach a tablet, and neither entry's file names move with the other's.
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { output } from './build/output.ts'
import { manifest } from './build/manifest.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/',
  define: { __INTLIFY_PROD_DEVTOOLS__: 'false', __VUE_I18N_LEGACY_API__: 'false' },
  plugins: [
    vue(),
    VitePWA({
      strategies: 'generateSW',
      // A new version waits until no tab holds a dirty form: the app asks for it.
      registerType: 'prompt',
      injectRegister: false,
      manifest,
      includeAssets: [],
      workbox: {
        globPatterns: ['index.html', 'assets/**/*.{js,css}'],
        // Everything a tablet may need; the console's files are another entry's.
        globIgnores: ['console/**'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/api\//, /^\/console(\/|$)/, /^\/_(\/|$)/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
  ],
  resolve: { alias: { '@': here('./src') } },
  build: output(here('../pb_public'), here('./index.html')),
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.DOORSTEP_SERVER ?? 'http://127.0.0.1:8090', changeOrigin: false } },
  },
  test: {
    environment: 'node',
    setupFiles: ['fake-indexeddb/auto'],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // A bound against hanging, not a measure: two slow cores may be shared by many.
    testTimeout: 60_000,
    // Two processors are what there is at least; by itself one is left idle.
    maxWorkers: 2,
    allowOnly: false,
  },
})
