// What is handed over unread is sealed to the server's key as soon as that is known,
// and again if it is another.
import { liveQuery } from 'dexie'
import { isSealed, type SealingCodec } from '@/crypto/codec'
import { fromBase64url, type Bytes } from '@/crypto/bytes'
import type { Store } from '@/store/store'
import { asProblem } from '@/sync/problem'
import type { ServerKey } from '@/sync/wire'
import { sessions } from '../app'

/** Until the function that it answers is called. `dataKey`: null once it is locked. */
export function watchServerKey(store: Store, codec: SealingCodec, account: string, dataKey: () => Bytes | null): () => void {
  const subscription = liveQuery(() => store.meta.get('schema')).subscribe({
    next: (schema) => void adopt(schema?.seal).catch((error) => console.error('sealing to the server', asProblem(error).code)),
  })
  const adopt = async (server: ServerKey | undefined): Promise<void> => {
    const key = dataKey()
    if (server === undefined || key === null || (await codec.recipient()) === server.id) return
    const { sealTo } = await import('@/crypto/hpke')
    const serverKey = fromBase64url(server.key)
    await codec.adopt({ server: server.id, seal: (handover) => sealTo(serverKey, 'handover', account, handover) })
    await store.outbox.resealOpen((stored) => !isSealed(stored) || stored.handover?.server !== server.id)
    if ((await sessions.vault(account))?.recovery?.server === server.id) return
    const recovery = { server: server.id, sealed: await sealTo(serverKey, 'recovery', account, key) }
    await sessions.changeVault(account, (row) => ({ ...row, recovery }))
  }
  return () => subscription.unsubscribe()
}
