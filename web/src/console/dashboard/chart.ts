/** What a chart shows, and what ECharts is told of it: the charts that are used, no others. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components'
import type { ComposeOption } from 'echarts/core'

export type ChartOption = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption>

export interface Series {
  name: string
  unit: string
  values: number[]
  colour: Colour
  /** Drawn as a line against a scale of its own. */
  line?: boolean
}

export interface ChartSpec {
  labels: string[]
  series: Series[]
  /** Bars that lie: for long words. */
  lying?: boolean
}

export type Colour = 'brand' | 'soft' | 'orange' | 'red' | 'blue'

/** The tokens' colours: ECharts reads no CSS. */
export const COLOURS: Readonly<Record<Colour, string>> = { brand: '#14635c', soft: '#8ab1ad', orange: '#c8731f', red: '#b3261e', blue: '#1f5890' }
/** As in tokens.css: what ECharts measures its words by. */
const FONT = "-apple-system, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
const INK = '#55615d'
const LINE = '#e3e4dd'

const short = (n: number): string => (Math.abs(n) >= 10_000 ? `${Math.round(n / 1_000) / 10}` : String(n))

export function optionOf(spec: ChartSpec, inTenThousands: string): ChartOption {
  const words = { color: INK, fontSize: 12, fontFamily: FONT }
  const category = { type: 'category' as const, data: spec.labels, axisLabel: { ...words, interval: spec.lying ? 0 : undefined }, axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, inverse: spec.lying }
  const second = !spec.lying && spec.series.some((each) => each.line) && spec.series.some((each) => !each.line)
  const value = {
    type: 'value' as const, minInterval: 1, splitLine: { lineStyle: { color: LINE } },
    axisLabel: { ...words, formatter: (n: number) => (Math.abs(n) >= 10_000 ? `${short(n)}${inTenThousands}` : String(n)) },
  }
  const values = second ? [value, { ...value, splitLine: { show: false } }] : value
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 16, top: spec.series.length > 1 ? 34 : 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: spec.series.length > 1 ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 18, textStyle: words } : undefined,
    tooltip: { trigger: 'axis', axisPointer: { type: spec.series.every((each) => each.line) ? 'line' : 'shadow' }, confine: true },
    xAxis: spec.lying ? value : category,
    yAxis: spec.lying ? category : values,
    series: spec.series.map((each) => ({
      name: each.name, type: each.line ? 'line' : 'bar', data: each.values, color: COLOURS[each.colour],
      yAxisIndex: second && each.line ? 1 : 0,
      ...(each.line ? { symbolSize: 7, lineStyle: { width: 2.5 } } : { barMaxWidth: spec.lying ? 14 : 26, itemStyle: { borderRadius: spec.lying ? [0, 3, 3, 0] : [3, 3, 0, 0] } }),
    })) as (BarSeriesOption | LineSeriesOption)[],
  }
}
