/** The group monitor's endpoints. */
import type { Client } from './client'
import type { FigureTable, TileAnswer } from './types'

const FIGURES = '/api/console/v1/figures'

export const figuresApi = (client: Client) => ({
  figureTable: () => client.get<FigureTable>(FIGURES),
  figureTile: (tile: string, area: string) => client.get<TileAnswer>(`${FIGURES}/${encodeURIComponent(tile)}`, { area }),
})
