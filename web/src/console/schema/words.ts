/** The schema, loaded once a session, and the words to say its values with. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Api } from '../api/console'
import { say } from '../i18n'
import type { Words } from './format'
import { Schema } from './schema'

export const useSchema = defineStore('schema', () => {
  const schema = shallowRef<Schema | null>(null)
  const failure = ref<unknown>(null)

  async function load(api: Api) {
    failure.value = null
    try {
      schema.value = new Schema(await api.schema())
    } catch (error) {
      failure.value = error
    }
  }

  function forget() {
    schema.value = null
  }

  /** For components below the shell, which shows them only once the schema is there. */
  function required(): Schema {
    if (!schema.value) throw new Error('schema: used before it was loaded')
    return schema.value
  }

  return { schema, failure, load, forget, required }
})

export function wordsFor(nameOf?: (id: string) => string | null): Words {
  return { say, nameOf }
}

/** Where a decision is made, or somebody asked to see: sensitive values are shown whole. */
export const revealing = (words: Words): Words => ({ ...words, reveal: true })
