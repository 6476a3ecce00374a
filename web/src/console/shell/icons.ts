/** The menu's drawings: paths on a 20 × 20 ground, drawn in the colour of the text. */
import type { Screen } from '../screens'

export const ICONS: Readonly<Record<Screen, string>> = {
  reviews: 'M4 3.5h12v13H4zM7 8l1.4 1.4L11 6.8M7 13h6M13 8h.5',
  cases: 'M5 3v5a4 4 0 0 0 4 4h6M12 9l3 3-3 3M5 12v5',
  warnings: 'M10 3 2.8 16h14.4zM10 8v4M10 13.8v.4',
  ops: 'M3 5h14v3H3zM4.5 8v8h11V8M8 11h4',
  households: 'M3.5 9.5 10 4l6.5 5.5V16h-13zM8 16v-4h4v4',
  applications: 'M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5.5M7.5 13h5.5',
  publicity: 'M4 3h12v10H4zM10 13v4M7 17h6M7 6.5h6M7 9.5h4',
  referrals: 'M3 6h9M9.5 3.5 12 6 9.5 8.5M17 14H8M10.5 11.5 8 14l2.5 2.5',
  deliberations: 'M3 11.5h14M5 11.5v4.5M15 11.5v4.5M6.5 8.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6M13.5 8.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6',
  leads: 'M6 3.5h3l1.2 3.3-1.8 1.4a8 8 0 0 0 3.9 3.9l1.4-1.8 3.3 1.2v3a2 2 0 0 1-2.1 2A12.5 12.5 0 0 1 4 5.6a2 2 0 0 1 2-2.1',
  urgent: 'M11 2.5 5 11h4.5L8 17.5 15 8.5h-4.6z',
  charity: 'M10 16.5S3 12.4 3 7.6A3.6 3.6 0 0 1 10 6a3.6 3.6 0 0 1 7 1.6c0 4.8-7 8.9-7 8.9z',
  inbox: 'M3 4h14v12H3zM3 11h4l1.5 2h3L13 11h4',
  inquiry: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  delivered: 'M3.5 6h13v10h-13zM3.5 9h13M7 3.5 10 6l3-2.5M8 12.5l1.5 1.5 3-3',
  complaints: 'M3.5 4h13v9h-7l-3.5 3v-3h-2.5zM7 8.5h6',
  audit: 'M4 3h9v14H4zM6.5 7h4M6.5 10h4M14.5 8.5l2 2M13 11a2.5 2.5 0 1 0 .1 0',
  webhooks: 'M3 5h5v10H3zM12 5h5v10h-5zM8 8h4M10.5 6.5 12 8l-1.5 1.5M12 12H8M9.5 10.5 8 12l1.5 1.5',
  sources: 'M3.5 5.2c0-1.2 2.9-2.2 6.5-2.2s6.5 1 6.5 2.2v9.6c0 1.2-2.9 2.2-6.5 2.2s-6.5-1-6.5-2.2zM3.5 5.2c0 1.2 2.9 2.2 6.5 2.2s6.5-1 6.5-2.2M3.5 10c0 1.2 2.9 2.2 6.5 2.2s6.5-1 6.5-2.2',
  batches: 'M4 3h12v14H4zM7 7h6M7 10h6M7 13h3.5',
  results: 'M3 4h6v12H3zM11 4h6v12h-6zM4.8 8.5l1 1 1.6-2M13 9h2M13 11.5h2',
  dashboard: 'M3 16.5h14M5.5 16.5V11M10 16.5V4M14.5 16.5V8',
  devices: 'M5.5 2.5h9v15h-9zM9 15h2',
}
