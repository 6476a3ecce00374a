// What the office's screens have in common for scenarios.

/** How many pixels a page is wider than its window. */
export const wideness = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth))

const CONSOLE = '/api/console/v1'
const consents = ['honesty_1', 'verification_1', 'classify_1']
const nothing = { bool: false, number: 0, list: [] }

/** A household's application, brought as far as a notice on the wall by a town's own calls. */
export async function published(server, household) {
  const token = await server.token('town@demo.test')
  const post = (path, body = {}) => server.call(CONSOLE + path, { token, method: 'POST', body })
  const { facts } = await server.call(`${CONSOLE}/determination-rules`, { token })
  const kind = new Map(facts.map((fact) => [fact.code, fact.kind]))
  const { id } = await post('/applications', { household: household.id, way: 'assisted', consents, reason: '看病花光了积蓄' })
  await post(`/applications/${id}/accept`)
  let tested = null
  for (let round = 0, answers = []; round < 8 && tested?.trace.status !== 'determined'; round++) {
    tested = await post(`/applications/${id}/determine`, { answers })
    answers = [...answers, ...(tested.trace.questions ?? []).map(({ fact, member }) => ({ fact, member, value: nothing[kind.get(fact)] ?? 'healthy', note: '核对报告第12号' }))]
  }
  await post(`/determinations/${tested.id}/confirm`, { awards: [{ category: 'subsistence', member: '' }], reason: '一事一议：刚性支出很大。' })
  await post(`/determinations/${tested.id}/publish`, { place: '村务公开栏', period: '2026年12月起', amounts: { '': 320 } })
}

/** What has the focus: where it is, whether it is seen, marked, named, and inside the page's own part. */
export const focused = (page) => page.evaluate(() => {
  const at = document.activeElement
  if (!at || at === document.body) return { place: 'nothing', what: 'nothing', inside: false, seen: false, marked: false, named: false, skip: false, day: false, testid: null }
  const box = at.getBoundingClientRect()
  const framed = at.closest('.el-input__wrapper, .el-textarea, .el-select__wrapper, .el-input-number')
  const marks = [at, framed, at.parentElement].filter(Boolean).some((each) => {
    const style = getComputedStyle(each)
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
  })
  const labelled = at.labels?.length || at.getAttribute('aria-label') || at.getAttribute('aria-labelledby') || at.textContent?.trim() || at.getAttribute('title')
  const path = []
  for (let each = at; each; each = each.parentElement) path.unshift([...(each.parentElement?.children ?? [each])].indexOf(each))
  return {
    place: path.join('.'), what: at.outerHTML.slice(0, 140), inside: document.getElementById('content')?.contains(at) ?? false,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    marked: marks, named: Boolean(labelled), skip: at.classList.contains('skip'), day: at.type === 'date' || at.type === 'month', testid: at.dataset?.testid ?? null,
  }
})
