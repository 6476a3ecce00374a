// A sync loop whose timers the test holds, on a tablet of a fake server.
import { SyncLoop, type LoopOptions, type LoopState } from '../src/sync/loop'
import type { FakeServer } from './fake-server'
import { tablet, type Tablet } from './tablet'

const noPhotos = async (): Promise<never> => {
  throw new Error('no photo in these tests')
}

export function loopOn(server: FakeServer, loadTus: LoopOptions['loadTus'] = noPhotos, on: Tablet = tablet(server)) {
  const timers: { call: () => void; millis: number }[] = []
  const states: LoopState[] = []
  const loop = new SyncLoop({
    context: on.context,
    loadTus,
    onState: (state) => states.push(state),
    onWipe: () => on.store.wipe(),
    setTimer: (call, millis) => {
      timers.push({ call, millis })
      return 0 as unknown as ReturnType<typeof setTimeout>
    },
  })
  return { on, loop, timers, states }
}
