// @vitest-environment jsdom
import { createApp, defineComponent, h, nextTick, shallowRef } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { describe, expect, it } from 'vitest'
import { rowsOf, type Row } from './rows'
import { useSelection } from './selection'

const rows = shallowRef<Row<{ id: string }>[]>([])
const Reviews = defineComponent(() => {
  useSelection('reviews', 'op', rows)
  return () => h('p', 'reviews')
})

/** A page whose code is fetched when it is asked for, and comes when the test says. */
function console(): { router: ReturnType<typeof createRouter>; arrive: () => void } {
  let arrive = (): void => {}
  const cases = new Promise<object>((resolve) => (arrive = () => resolve(defineComponent(() => () => h('p', 'cases')))))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/reviews/:op?', name: 'reviews', component: Reviews },
      { path: '/cases', name: 'cases', component: () => cases as Promise<typeof Reviews> },
    ],
  })
  createApp(RouterView).use(router).mount(document.createElement('div'))
  return { router, arrive }
}

describe('a selection that stands in the address', () => {
  it('is the first row as soon as there is one', async () => {
    rows.value = []
    const { router } = console()
    await router.push('/reviews')
    rows.value = rowsOf([{ id: 'a' }, { id: 'b' }], (item) => item.id)
    await nextTick()
    await new Promise((resolve) => setTimeout(resolve))
    expect(router.currentRoute.value.fullPath).toBe('/reviews/a')
  })

  it('does not call back a page that is on its way', async () => {
    rows.value = []
    const { router, arrive } = console()
    await router.push('/reviews')
    const going = router.push('/cases')
    await new Promise((resolve) => setTimeout(resolve))
    rows.value = rowsOf([{ id: 'a' }], (item) => item.id)
    await nextTick()
    arrive()
    await going
    expect(router.currentRoute.value.fullPath).toBe('/cases')
  })
})
