/** The facts of the ordered test, as the server's table has them, and answering them. */
import type { FactRow, TestAnswer, TestQuestion } from '../api/types'
import type { FieldSpec, FieldType, Schema } from '../schema/schema'

/** How a fact is entered: as the register's field, where it is one. */
export function specOf(schema: Schema, fact: FactRow): FieldSpec {
  const field = fact.field ? schema.field(fact.type, fact.field) : undefined
  return { type: fact.kind as FieldType, label: fact.label, unit: fact.unit || field?.unit, options: field?.options, max: field?.max }
}

export const keyOf = (question: { fact: string; member: string }): string => `${question.fact} ${question.member}`

/** What was answered of the questions, each with what it rests on; null is no answer. */
export function answersOf(questions: readonly TestQuestion[], values: Readonly<Record<string, unknown>>, note: string): TestAnswer[] {
  return questions
    .filter((question) => values[keyOf(question)] !== undefined && values[keyOf(question)] !== null)
    .map((question) => ({ fact: question.fact, member: question.member, value: values[keyOf(question)], note: note.trim() }))
}
