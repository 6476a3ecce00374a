// Asking back before something is thrown away: one question at a time.
import { shallowRef } from 'vue'

export interface Question {
  title: string
  message: string
  yes: string
  no: string
}

interface Asked extends Question {
  answer: (sure: boolean) => void
}

export const asked = shallowRef<Asked | null>(null)

export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (sure) => {
        asked.value = null
        resolve(sure)
      },
    }
  })
}
