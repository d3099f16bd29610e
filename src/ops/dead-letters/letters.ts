import type { Queryable } from '../../platform/postgres/pool.ts'
import type { LetterState } from '../contract/dead-letters.ts'

/** A dead letter as the index knows it; its bytes are in Kafka, at `record_offset`. */
export interface Letter {
  readonly letter_id: number
  readonly record_offset: number
  readonly consumer_group: string
  readonly original_topic: string
  readonly original_partition: number
  readonly original_offset: number
  readonly record_key: string | null
  readonly event_id: string | null
  readonly event_type: string | null
  readonly error_code: string
  readonly error_message: string
  readonly attempts: number
  readonly first_failed_at: Date
  readonly failed_at: Date
  readonly state: LetterState
  readonly replays: number
  readonly discard_reason: string | null
}

const columns = `letter_id, record_offset, consumer_group, original_topic, original_partition, original_offset,
  record_key, event_id, event_type, error_code, error_message, attempts, first_failed_at, failed_at, state, replays,
  discard_reason`

/** Which letters. What is absent leaves all in. */
export interface LetterFilter {
  readonly letterIds?: readonly number[]
  readonly state?: LetterState
  readonly consumerGroup?: string
  readonly errorCode?: string
  readonly errorPattern?: string
  readonly failedFrom?: Date
  readonly failedTo?: Date
}

export const matches = `($1::bigint[] is null or letter_id = any($1)) and ($2::text is null or state = $2)
  and ($3::text is null or consumer_group = $3) and ($4::text is null or error_code = $4)
  and ($5::text is null or error_pattern = $5)
  and ($6::timestamptz is null or failed_at >= $6) and ($7::timestamptz is null or failed_at < $7)`

/** The parameters of `matches`. */
export function parametersOf(filter: LetterFilter): unknown[] {
  return [
    filter.letterIds ?? null,
    filter.state ?? null,
    filter.consumerGroup ?? null,
    filter.errorCode ?? null,
    filter.errorPattern ?? null,
    filter.failedFrom ?? null,
    filter.failedTo ?? null,
  ]
}

/** Oldest first, after an id where one is given. */
export async function listLetters(
  db: Queryable,
  filter: LetterFilter,
  limit: number,
  after = -1,
): Promise<Letter[]> {
  const { rows } = await db.query<Letter>(
    `select ${columns} from dead_letters where ${matches} and letter_id > $8 order by letter_id limit $9`,
    [...parametersOf(filter), after, limit],
  )
  return rows
}

/** The letters of one event, by the key of its record. */
export async function lettersOfEvent(db: Queryable, key: string, eventId: string): Promise<Letter[]> {
  const { rows } = await db.query<Letter>(
    `select ${columns} from dead_letters where record_key = $1 and event_id = $2 order by letter_id`,
    [key, eventId],
  )
  return rows
}

/** Letters that failed in the same way: one handler, one code, one pattern of message. */
export interface LetterGroup {
  readonly consumer_group: string
  readonly error_code: string
  readonly error_pattern: string
  readonly state: LetterState
  readonly count: number
  readonly first_seen: Date
  readonly last_seen: Date
  /** Ids of the newest few. */
  readonly samples: readonly number[]
}

export async function groupLetters(db: Queryable, filter: LetterFilter): Promise<LetterGroup[]> {
  const { rows } = await db.query<LetterGroup & { samples: string[] }>(
    `select consumer_group, error_code, error_pattern, state, count(*) as count,
       min(first_failed_at) as first_seen, max(failed_at) as last_seen,
       (array_agg(letter_id::text order by failed_at desc))[1:3] as samples
     from dead_letters where ${matches}
     group by consumer_group, error_code, error_pattern, state order by count(*) desc, 1, 2, 3`,
    parametersOf(filter),
  )
  return rows.map((row) => ({ ...row, samples: row.samples.map(Number) }))
}

/** Sets open and quarantined letters aside for good, and notes in the audit who did. Returns how many. */
export async function discardLetters(
  db: Queryable,
  filter: LetterFilter,
  { reason, actor }: { readonly reason: string; readonly actor: string },
): Promise<number> {
  const { rows } = await db.query<{ letters: number }>(
    `with discarded as (
       update dead_letters set state = 'discarded', discard_reason = $8, changed_at = now()
       where ${matches} and state in ('open', 'quarantined') returning letter_id
     ),
     counted as (
       select count(*) as letters, array_agg(letter_id order by letter_id) as ids from discarded having count(*) > 0
     )
     select letters, append_audit($9, 'dead_letters.discarded', $10, jsonb_build_object(
       'letters', letters, 'first_ids', array_to_string(ids[1:100], ' ')
     )) from counted`,
    [...parametersOf(filter), reason, actor, inWords(filter)],
  )
  return rows[0]?.letters ?? 0
}

/** Which letters, as the audit says it. */
export function inWords(filter: LetterFilter): string {
  const { letterIds, consumerGroup, errorCode, state, failedFrom, failedTo } = filter
  if (letterIds)
    return letterIds.length === 1 ? `dead letter ${letterIds[0]}` : `${letterIds.length} dead letters`
  return [
    consumerGroup ?? 'all groups',
    errorCode ?? 'all codes',
    ...(state ? [state] : []),
    ...(failedFrom ? [`from ${failedFrom.toISOString()}`] : []),
    ...(failedTo ? [`to ${failedTo.toISOString()}`] : []),
  ].join(', ')
}

/** Its handler has dealt with these letters, which were sent again. */
export async function resolveLetters(db: Queryable, letterIds: readonly number[]): Promise<void> {
  if (letterIds.length === 0) return
  await db.query(
    `with resolved as (
       update dead_letters set state = 'resolved', changed_at = now()
       where letter_id = any($1::bigint[]) and state = 'replayed' returning letter_id, claimed_by
     )
     update replay_letters set outcome = 'resolved', changed_at = now()
     from resolved where replay_letters.letter_id = resolved.letter_id
       and replay_letters.replay_id = resolved.claimed_by and outcome in ('pending', 'sent')`,
    [letterIds],
  )
}

/** Open letters of one group that failed with one code. */
export interface OpenLetters {
  readonly consumer_group: string
  readonly error_code: string
  readonly count: number
  /** How many keys they have, and one of them. */
  readonly keys: number
  readonly key: string | null
  /** What the newest says. */
  readonly message: string
}

/** For the metric, the alert and Home. */
export async function countOpenLetters(db: Queryable): Promise<OpenLetters[]> {
  const { rows } = await db.query<OpenLetters>(
    `select consumer_group, error_code, count(*) as count, count(distinct record_key) as keys,
       min(record_key) as key, (array_agg(error_message order by failed_at desc))[1] as message
     from dead_letters where state in ('open', 'quarantined')
     group by consumer_group, error_code order by count(*) desc, 1, 2`,
  )
  return rows
}
