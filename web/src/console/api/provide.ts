/** The one client and API of the application, for components. */
import { inject, type App, type InjectionKey } from 'vue'
import type { Client } from './client'
import { createApi, type Api } from './console'

const API: InjectionKey<Api> = Symbol('api')
const CLIENT: InjectionKey<Client> = Symbol('client')

export function provideApi(app: App, client: Client): Api {
  const api = createApi(client)
  app.provide(CLIENT, client)
  app.provide(API, api)
  return api
}

export function useApi(): Api {
  const api = inject(API)
  if (!api) throw new Error('no API provided')
  return api
}

export function useClient(): Client {
  const client = inject(CLIENT)
  if (!client) throw new Error('no client provided')
  return client
}
