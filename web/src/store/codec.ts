// How a record's body lies in the browser's database. Everything that is not
// needed to find a row goes through here, so that encryption is a codec and
// nothing above the store knows of it. A codec may be asynchronous; the store
// calls it outside its transactions only (IndexedDB closes one that waits).

/** What IndexedDB can hold as a body: plain JSON, or the bytes of a sealed one. */
export type Stored = unknown

/** `handover`: not sent yet, so the server must be able to open it even where this tablet cannot. */
export type Way = 'handover'

export interface BodyCodec {
  /** `id` is the row's own id: associated data for a codec that seals. */
  encode(id: string, body: unknown, way?: Way): Promise<Stored>
  decode<T>(id: string, stored: Stored): Promise<T>
}

/** Bodies as they are. */
export const plainCodec: BodyCodec = {
  encode: async (_id, body) => body,
  decode: async <T>(_id: string, stored: Stored) => stored as T,
}
