import { describe, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { usePicked, type Picked } from './picked'

const WORDS = { reading: '正在读取…', unread: '没有读到' }
const ID = '01920000-0000-7000-8000-0000000000ab'

describe('usePicked', () => {
  it('says who was taken before the field was there, and until it is known that it is being read', async () => {
    let answer = (_: string) => {}
    const options = usePicked(() => ID, () => [], () => new Promise((resolve) => (answer = resolve)), WORDS)
    expect(options.value).toEqual([{ id: ID, label: WORDS.reading }])
    answer('张德福 · 李新社区')
    await nextTick()
    await nextTick()
    expect(options.value).toEqual([{ id: ID, label: '张德福 · 李新社区' }])
  })

  it('says so where it cannot be read, and shows no id', async () => {
    const options = usePicked(() => [ID], () => [], () => Promise.reject(new Error('gone')), WORDS)
    await nextTick()
    await nextTick()
    expect(options.value).toEqual([{ id: ID, label: WORDS.unread }])
  })

  it('keeps the words of what was found and taken when something else is looked for, and asks for none of it', async () => {
    const taken = ref<string[]>([])
    const found = ref<Picked[]>([{ id: ID, label: '张德福' }])
    let asked = 0
    const options = usePicked(() => taken.value, () => found.value, () => Promise.resolve(`asked ${++asked}`), WORDS)
    taken.value = [ID]
    await nextTick()
    found.value = [{ id: 'other', label: '李四' }]
    await nextTick()
    expect(options.value).toEqual([{ id: 'other', label: '李四' }, { id: ID, label: '张德福' }])
    expect(asked).toBe(0)
    taken.value = []
    expect(options.value).toEqual([{ id: 'other', label: '李四' }])
  })
})
