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
