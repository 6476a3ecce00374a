/** The towns and villages of this desk, fetched once a session. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Api } from '../api/console'
import type { RegionRow } from '../api/types'

const TOWN_DIGITS = 9
const MOST_FOUND = 3

export const useRegions = defineStore('regions', () => {
  const rows = shallowRef<RegionRow[]>([])
  const failed = ref(false)
  let asked = false

  async function load(api: Api) {
    if (asked) return
    asked = true
    try {
      rows.value = (await api.places()).items
      failed.value = false
    } catch {
      failed.value = true
      asked = false
    }
  }

  const names = computed(() => new Map(rows.value.map((row) => [row.code, row.name])))

  /** A village by its town's name and its own, a town by its own. */
  function nameOf(code: string): string {
    const own = names.value.get(code) ?? code
    const town = code.length > TOWN_DIGITS ? names.value.get(code.slice(0, TOWN_DIGITS)) : undefined
    return (town ?? '') + own
  }

  const find = (text: string) => (text.length < 2 ? [] : rows.value.filter((row) => row.name.includes(text)).slice(0, MOST_FOUND))

  function forget() {
    rows.value = []
    asked = false
  }

  return { rows, failed, load, nameOf, find, forget }
})
