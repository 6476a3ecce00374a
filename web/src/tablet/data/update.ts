// The service worker: registered once, and a new version reported. It takes over
// when the worker says so, or when no tab has a form open.
import { ref } from 'vue'
import { registerSW } from 'virtual:pwa-register'

export const updateReady = ref(false)
let apply: ((reload?: boolean) => Promise<void>) | null = null

const hourMillis = 3600 * 1000

export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  apply = registerSW({
    immediate: true,
    onNeedRefresh: () => (updateReady.value = true),
    onRegisteredSW: (_url, registration) => {
      if (registration) setInterval(() => void registration.update().catch(() => {}), hourMillis)
    },
    onRegisterError: (error) => console.warn('service worker', error),
  })
}

export const applyUpdate = (): Promise<void> => apply?.(true) ?? Promise.resolve()
