// The index of what lists and search show: one line for each household, in a few
// sealed parts, so that a start opens sixty-four bodies and not twenty-five
// thousand. It is derived: a line that is missing or stale is made again from base
// and outbox, and the whole of it when its format is another.
import type { BodyCodec } from './codec'
import type { Database, LineRow, TouchedRow } from './database'
import type { Meta } from './meta'
import type { Entry, Records } from './records'

export interface LineMaker<Line> {
  /** To be raised with the shape of a line: an older index is made anew. */
  format: number
  /** What a line is made of, the household first. */
  types: readonly string[]
  make: (household: Entry, of: ReadonlyMap<string, Entry[]>) => Line
  /** The order of the list. */
  compare: (a: Line, b: Line) => number
}

/** What a tab holds of the index. */
export interface LinesHeld<Line> {
  lines: ReadonlyMap<string, Line>
  versions: ReadonlyMap<number, number>
  /** In the order of the list. */
  sorted: readonly Line[]
}

/** Opened parts by their number: of use as long as their version stands. */
export type EarlyParts = Promise<ReadonlyMap<number, Part>>

interface Part {
  part: number
  version: number
  body: unknown
}

/** What lies in the index: the parts that are news, opened, and how many there are. */
interface Stored {
  format: number | undefined
  parts: number
  news: Part[]
  touched: TouchedRow[]
}

const parts = 64
/** A part of its own: the ids in the list's order, so that sorting has little to do. */
const orderPart = parts
/** Stands in `touched` for all of them, where the whole index is to be made. */
const everyHousehold = '*'
/** Above this, reading everything of a type at once is cheaper than by household. */
const manyHouseholds = 300
/** Another tab may write first; then its parts are taken in and the rest is tried again. */
const attempts = 5

export function partOf(household: string): number {
  let hash = 0
  for (let at = 0; at < household.length; at++) hash = (hash * 31 + household.charCodeAt(at)) >>> 0
  return hash % parts
}

export const noLines = <Line>(): LinesHeld<Line> => ({ lines: new Map(), versions: new Map(), sorted: [] })

/** Opens parts that were read while they were sealed; what does not open is read again when it is asked for. */
export async function openEarly(rows: Promise<readonly LineRow[]>, codec: BodyCodec): EarlyParts {
  const parts = await openParts(await rows, codec).catch(() => [])
  return new Map(parts.map((part) => [part.part, part]))
}

const openParts = (rows: readonly LineRow[], codec: BodyCodec): Promise<Part[]> =>
  Promise.all(rows.map(async ({ part, version, body }) => ({ part, version, body: await codec.decode(nameOf(part), body) })))

const noParts: ReadonlyMap<number, Part> = new Map()

export class Lines<Line extends { id: string }> {
  /** Of use once: they are of the time before the first look. */
  private early: EarlyParts | undefined

  constructor(
    private readonly store: { db: Database; meta: Meta; records: Records; codec: BodyCodec; early?: EarlyParts },
    private readonly maker: LineMaker<Line>,
  ) {
    this.early = store.early
  }

  /** A key for live queries: it changes when there is something to take in. */
  async signal(): Promise<string> {
    const { db } = this.store
    const [versions, touched] = await Promise.all([db.lines.orderBy('[part+version]').keys(), db.touched.toCollection().lastKey()])
    return `${versions.join()}/${String(touched)}`
  }

  /** Takes in what other tabs wrote, and makes what is missing. */
  async refresh(held: LinesHeld<Line>): Promise<LinesHeld<Line>> {
    let now = held
    for (let attempt = 0; attempt < attempts; attempt++) {
      let stored = await this.read(now)
      if (stored.format !== this.maker.format) {
        await this.ensureFormat()
        stored = await this.read(now)
      }
      now = this.takeIn(now, stored)
      if (stored.touched.length === 0) return now
      const next = await this.mend(now, stored.touched)
      if (next !== null) return next
    }
    return now
  }

  /** What of the index is newer than what is held, of one moment. */
  private async read(held: LinesHeld<Line>): Promise<Stored> {
    const { db, meta, codec } = this.store
    const early = (await this.early) ?? noParts
    this.early = undefined
    const { rows, opened, ...found } = await db.transaction('r', [db.meta, db.lines, db.touched], async () => {
      const [format, keys, touched] = await Promise.all([
        meta.get('linesFormat'),
        db.lines.orderBy('[part+version]').keys(),
        db.touched.toArray(),
      ])
      const present = keys as unknown as [number, number][]
      const stale = present.filter(([part, version]) => held.versions.get(part) !== version)
      const opened = stale.map(([part, version]) => ({ part, version, known: early.get(part) })).flatMap(({ version, known }) => (known?.version === version ? [known] : []))
      const known = new Set(opened.map(({ part }) => part))
      const rows = await this.rowsOf(stale.map(([part]) => part).filter((part) => !known.has(part)))
      return { format, parts: present.length, rows, opened, touched }
    })
    return { ...found, news: [...opened, ...(await openParts(rows, codec))] }
  }

  private async rowsOf(wanted: readonly number[]): Promise<LineRow[]> {
    const { lines } = this.store.db
    // One request for all of them, where most are asked for: a start would ask 65 times.
    if (wanted.length > parts / 2) return (await lines.toArray()).filter((row) => wanted.includes(row.part))
    return (await lines.bulkGet([...wanted])).filter((row) => row !== undefined)
  }

  /** An index of another format, or none: every household is to be made. */
  private async ensureFormat(): Promise<void> {
    const { db, meta } = this.store
    if ((await meta.get('linesFormat')) === this.maker.format) return
    await db.transaction('rw', [db.meta, db.lines, db.touched], async () => {
      if ((await meta.get('linesFormat')) === this.maker.format) return
      await db.lines.clear()
      await db.touched.clear()
      await db.touched.add({ household: everyHousehold })
      await meta.set('linesFormat', this.maker.format)
    })
  }

  private takeIn(held: LinesHeld<Line>, { news, parts: present }: Stored): LinesHeld<Line> {
    if (news.length === 0 && present === held.versions.size) return held
    const lines = new Map(present < held.versions.size ? [] : held.lines)
    const versions = new Map(present < held.versions.size ? [] : held.versions)
    const fresh = new Set(news.map(({ part }) => part))
    for (const id of [...lines.keys()]) if (fresh.has(partOf(id))) lines.delete(id)
    let order: string[] = held.sorted.map((line) => line.id)
    for (const { part, version, body } of news) {
      versions.set(part, version)
      if (part === orderPart) order = body as string[]
      else for (const line of body as Line[]) lines.set(line.id, line)
    }
    const listed = fresh.has(orderPart) ? inOrder(lines, order) : null
    return { lines, versions, sorted: listed ?? this.sort(lines, order) }
  }

  private sort(lines: ReadonlyMap<string, Line>, order: readonly string[]): Line[] {
    const known = order.map((id) => lines.get(id)).filter((line) => line !== undefined)
    const listed = new Set(order)
    return [...known, ...[...lines.values()].filter((line) => !listed.has(line.id))].sort(this.maker.compare)
  }

  /** The order as it was, where no line came, went or moved by what was made anew. */
  private inPlace(held: LinesHeld<Line>, lines: ReadonlyMap<string, Line>, changed: readonly string[]): Line[] | null {
    const stays = changed.every((id) => {
      const [before, after] = [held.lines.get(id), lines.get(id)]
      return before === after || (before !== undefined && after !== undefined && this.maker.compare(before, after) === 0)
    })
    return stays ? inOrder(lines, held.sorted.map((line) => line.id)) : null
  }

  /** Makes the touched lines and writes their parts; null if another tab wrote first. */
  private async mend(held: LinesHeld<Line>, touched: readonly TouchedRow[]): Promise<LinesHeld<Line> | null> {
    const { db } = this.store
    const named = new Set(touched.map((row) => row.household))
    const households = named.has(everyHousehold) ? await allHouseholds(db) : [...named]
    const made = await this.makeAll(households)
    const lines = new Map(held.lines)
    for (const id of households) {
      const line = made.get(id)
      if (line === undefined) lines.delete(id)
      else lines.set(id, line)
    }
    const sorted = this.inPlace(held, lines, households) ?? this.sort(lines, held.sorted.map((line) => line.id))
    const bodies = await this.encodeParts(households, lines, held, sorted)
    const versions = await db.transaction('rw', db.lines, db.touched, async () => {
      const present = await db.lines.bulkGet(bodies.map(({ part }) => part))
      if (present.some((row, at) => row?.version !== held.versions.get(bodies[at]?.part ?? -1))) return null
      const written = bodies.map(({ part, body }, at) => ({ part, version: (present[at]?.version ?? 0) + 1, body }))
      await db.lines.bulkPut(written)
      await db.touched.bulkDelete(touched.map((row) => row.mark as number))
      return written.map(({ part, version }) => [part, version] as const)
    })
    return versions === null ? null : { lines, sorted, versions: new Map([...held.versions, ...versions]) }
  }

  private async encodeParts(
    households: readonly string[],
    lines: ReadonlyMap<string, Line>,
    held: LinesHeld<Line>,
    sorted: readonly Line[],
  ): Promise<{ part: number; body: unknown }[]> {
    const dirty = new Set(households.map(partOf))
    const content = new Map<number, unknown[]>([...dirty].map((part) => [part, []]))
    for (const line of lines.values()) content.get(partOf(line.id))?.push(line)
    const moved = sorted.length !== held.sorted.length || sorted.some((line, at) => line.id !== held.sorted[at]?.id)
    if (moved || !held.versions.has(orderPart)) content.set(orderPart, sorted.map((line) => line.id))
    return Promise.all(
      [...content].map(async ([part, body]) => ({ part, body: await this.store.codec.encode(nameOf(part), body) })),
    )
  }

  private async makeAll(households: readonly string[]): Promise<Map<string, Line>> {
    const { records } = this.store
    const wanted = new Set(households)
    const of = new Map<string, Map<string, Entry[]>>()
    const add = (type: string, entries: readonly Entry[]): void => {
      for (const entry of entries) {
        const id = type === this.maker.types[0] ? entry.id : String(entry.record.household ?? '')
        if (!wanted.has(id)) continue
        const byType = of.get(id) ?? new Map<string, Entry[]>()
        const known = byType.get(type)
        if (known === undefined) byType.set(type, [entry])
        else known.push(entry)
        of.set(id, byType)
      }
    }
    // All types at once: one is read while another is decrypted.
    await Promise.all(
      this.maker.types.map(async (type) => {
        if (households.length > manyHouseholds) add(type, await records.list(type))
        else for (const entries of await Promise.all(households.map((id) => records.of(type, id)))) add(type, entries)
      }),
    )
    const made = new Map<string, Line>()
    for (const [id, byType] of of) {
      const household = byType.get(this.maker.types[0] ?? '')?.[0]
      if (household !== undefined) made.set(id, this.maker.make(household, byType))
    }
    return made
  }
}

const nameOf = (part: number): string => `line/${part}`

/** The lines as a stored order has them; null if it is not one of exactly these. Comparing names is slow. */
function inOrder<Line>(lines: ReadonlyMap<string, Line>, order: readonly string[]): Line[] | null {
  if (order.length !== lines.size) return null
  const all = order.map((id) => lines.get(id))
  return all.every((line) => line !== undefined) ? (all as Line[]) : null
}

/** Every household that is or was listed: in the base, or made here. */
async function allHouseholds(db: Database): Promise<string[]> {
  const span = [['households', ''], ['households', '\uffff']] as const
  const [base, made] = await Promise.all([
    db.base.where('[type+id]').between([...span[0]], [...span[1]]).primaryKeys(),
    db.ops.where('[type+record]').between([...span[0]], [...span[1]]).toArray(),
  ])
  return [...new Set([...base.map(([, id]) => id), ...made.map((row) => row.record)])]
}
