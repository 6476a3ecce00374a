/** 本部门救助: the list, and handing one in. */
import type { Client } from './client'
import type { PageRequest } from './console'
import type { DeliveredReport, DeliveredRow, Page } from './types'

const DELIVERED = '/api/console/v1/department/delivered'

export const deliveredApi = (client: Client) => ({
  delivered: (state: string, page: PageRequest) => client.get<Page<DeliveredRow>>(DELIVERED, { state, ...page }),
  handIn: (file: File) => client.upload<DeliveredReport>(DELIVERED, { file: file.name }, file),
})
