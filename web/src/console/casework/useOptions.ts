/** The server's tables that a screen's forms are made of; asked for once a page. */
import { onMounted, ref, shallowRef } from 'vue'
import { failureText } from '../api/failure'

export function useOptions<T>(load: () => Promise<T>) {
  const options = shallowRef<T | null>(null)
  const trouble = ref('')
  onMounted(async () => {
    try {
      options.value = await load()
    } catch (error) {
      trouble.value = failureText(error)
    }
  })
  return { options, trouble }
}
