import { decode } from '../../contracts/decode.ts'
import { isUuid } from '../../contracts/uuid.ts'
import type { IncomingRecord } from '../../platform/kafka/records.ts'
import { supersededEvents } from '../../platform/log/stored-event.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import { type Letter, type LetterFilter, listLetters } from './letters.ts'

/** The record of a letter, as it lies on `deadletter.queue` or where it came from; null when it is not there any more. */
export type RecordOf = (letter: Letter) => Promise<IncomingRecord | null>

export interface DryRun {
  readonly letters: number
  readonly keys: readonly string[]
  /** Letters that this version reads as an event: the others would fail at once, again. */
  readonly decodable: number
  readonly undecodable: readonly { readonly letter_id: number; readonly reason: string }[]
  /** Letters whose aggregate has moved on since: a projection absorbs them, an outside effect comes late. */
  readonly superseded: readonly number[]
  /** By consumer group. */
  readonly byGroup: Readonly<Record<string, number>>
}

const shownKeys = 20

/** What a replay of these letters would do. Changes nothing. */
export async function dryRun(
  db: Queryable,
  recordOf: RecordOf,
  filter: LetterFilter,
  maxLetters: number,
): Promise<DryRun> {
  const letters = await listLetters(db, { ...filter, state: 'open' }, maxLetters)
  const undecodable: { letter_id: number; reason: string }[] = []
  for (const letter of letters) {
    const reason = await whyUndecodable(await recordOf(letter))
    if (reason !== null) undecodable.push({ letter_id: letter.letter_id, reason })
  }
  const keys = [...new Set(letters.map(({ record_key }) => record_key ?? '(none)'))]
  return {
    letters: letters.length,
    keys: keys.slice(0, shownKeys),
    decodable: letters.length - undecodable.length,
    undecodable,
    superseded: await superseded(db, letters),
    byGroup: countBy(letters.map(({ consumer_group }) => consumer_group)),
  }
}

async function whyUndecodable(record: IncomingRecord | null): Promise<string | null> {
  if (!record) return 'its record is not on the topic any more'
  const decoded = decode(record.value)
  return decoded.ok ? null : `${decoded.code}: ${decoded.detail}`
}

/** Letters whose event the log knows, with a later one for the same aggregate. */
async function superseded(db: Queryable, letters: readonly Letter[]): Promise<number[]> {
  const known = letters.filter(({ event_id }) => event_id !== null && isUuid(event_id.toLowerCase()))
  const old = await supersededEvents(
    db,
    known.flatMap(({ event_id }) => event_id ?? []),
  )
  return known.filter(({ event_id }) => old.has(event_id ?? '')).map(({ letter_id }) => letter_id)
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
