/**
 * A region's name without its county: 胶州市李哥庄镇港东新村 is 李哥庄镇港东新村
 * to people who all work in that county. A name that is a county's stays whole.
 */
const COUNTY = /^.{1,7}?[\u5e02\u53bf\u533a\u65d7](?=.)/u // 市, 县, 区, 旗

export function shortRegion(name: string | null | undefined): string {
  return (name ?? '').replace(COUNTY, '')
}
