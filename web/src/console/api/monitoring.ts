/** The county's settings, indicators, calendar and rounds. */
import type { Client } from './client'
import type { CalendarDay, Environment, IndicatorItem, NewSetting, OwnIndicator, Page, Parameter, Round, Trial } from './types'

const CONSOLE = '/api/console/v1'

export const monitoringApi = (client: Client) => ({
  parameters: () => client.get<Page<Parameter>>(`${CONSOLE}/parameters`),
  setParameter: (setting: NewSetting) => client.post<Parameter>(`${CONSOLE}/parameters`, setting),

  indicators: (since: string) => client.get<Page<IndicatorItem>>(`${CONSOLE}/indicators`, { since }),
  environment: () => client.get<Environment>(`${CONSOLE}/indicators/environment`),
  setOwnIndicator: (own: OwnIndicator) => client.post<unknown>(`${CONSOLE}/indicators/own`, own),
  tryOwnIndicator: (own: OwnIndicator) => client.post<Trial>(`${CONSOLE}/indicators/own/try`, own),
  switchIndicator: (code: string, on: boolean, note: string) =>
    client.post<unknown>(`${CONSOLE}/indicators/settings`, { key: `${code}.on`, value: String(on), note }),

  calendar: (year: number) => client.get<{ year: number; items: CalendarDay[] }>(`${CONSOLE}/calendar`, { year }),
  setCalendar: (days: CalendarDay & { note: string }) => client.post<unknown>(`${CONSOLE}/calendar`, days),

  rounds: () => client.get<Page<Round>>(`${CONSOLE}/rounds`, { limit: 10 }),
  runRound: () => client.post<{ running: boolean; begun: boolean }>(`${CONSOLE}/rounds`),
})
