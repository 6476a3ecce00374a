/** The facts of the ordered test and its versions, read once, and how a figure is said. */
import { onMounted, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useApi } from '../api/provide'
import type { FactRow, RulesVersion, TestFigure } from '../api/types'
import { speak } from '../schema/format'
import { useSchema, wordsFor } from '../schema/words'

export function useFigures() {
  const { t } = useI18n()
  const api = useApi()
  const schema = useSchema().required()
  const facts = shallowRef<readonly FactRow[]>([])
  const versions = shallowRef<readonly RulesVersion[]>([])

  function figureWord(figure: TestFigure): string {
    const row = facts.value.find((fact) => fact.code === figure.fact)
    if (Array.isArray(figure.value) && figure.value.length === 0) return t('applications.noneOf')
    if (row?.field) return speak(schema, row.type, row.field, figure.value, wordsFor()).text
    return [typeof figure.value === 'boolean' ? t(figure.value ? 'value.yes' : 'value.no') : String(figure.value), figure.unit].filter(Boolean).join(' ')
  }

  onMounted(async () => {
    try {
      const rules = await api.determinationRules()
      facts.value = rules.facts
      versions.value = rules.versions
    } catch {
      // figures are said as they are; what is asked of the test itself says what failed
    }
  })

  return { facts, versions, figureWord }
}
