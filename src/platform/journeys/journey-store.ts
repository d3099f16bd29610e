import type { Queryable } from '../postgres/pool.ts'
import { purge } from '../postgres/purge.ts'

export interface Publication {
  readonly firstPosition: number
  readonly lastPosition: number
  readonly publishedAt: Date
}

export interface SettledRange {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly firstPosition: number
  readonly lastPosition: number
  readonly attempt: number
  readonly settledAt: Date
}

export interface Failure {
  readonly group: string
  readonly position: number
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly attempt: number
  readonly outcome: 'retry' | 'dead-letter'
  readonly errorCode: string
  readonly failedAt: Date
}

export interface PositionKey {
  readonly key: bigint
  readonly position: number
}

export async function insertPublications(db: Queryable, rows: readonly Publication[]): Promise<void> {
  await db.query({
    name: 'journeys.publications',
    text: `insert into journey_publications (first_position, last_position, published_at)
      select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[])`,
    values: [
      rows.map((row) => row.firstPosition),
      rows.map((row) => row.lastPosition),
      rows.map((row) => row.publishedAt),
    ],
  })
}

export async function insertKeys(db: Queryable, rows: readonly PositionKey[]): Promise<void> {
  await db.query({
    name: 'journeys.keys',
    text: `insert into journey_keys (key, position) select * from unnest($1::bigint[], $2::bigint[])`,
    values: [rows.map(({ key }) => String(key)), rows.map(({ position }) => position)],
  })
}

export async function insertSettlements(db: Queryable, rows: readonly SettledRange[]): Promise<void> {
  await db.query({
    name: 'journeys.settlements',
    text: `insert into journey_settlements (consumer_group, topic, partition, first_offset, last_offset,
        first_position, last_position, attempt, settled_at)
      select * from unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::integer[], $9::timestamptz[])`,
    values: [
      rows.map((row) => row.group),
      rows.map((row) => row.topic),
      rows.map((row) => row.partition),
      rows.map((row) => row.firstOffset),
      rows.map((row) => row.lastOffset),
      rows.map((row) => row.firstPosition),
      rows.map((row) => row.lastPosition),
      rows.map((row) => row.attempt),
      rows.map((row) => row.settledAt),
    ],
  })
}

export async function insertFailures(db: Queryable, rows: readonly Failure[]): Promise<void> {
  await db.query({
    name: 'journeys.failures',
    text: `insert into journey_failures (consumer_group, position, topic, partition, record_offset, attempt,
        outcome, error_code, failed_at)
      select * from unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::bigint[], $6::integer[],
        $7::text[], $8::text[], $9::timestamptz[])`,
    values: [
      rows.map((row) => row.group),
      rows.map((row) => row.position),
      rows.map((row) => row.topic),
      rows.map((row) => row.partition),
      rows.map((row) => row.offset),
      rows.map((row) => row.attempt),
      rows.map((row) => row.outcome),
      rows.map((row) => row.errorCode),
      rows.map((row) => row.failedAt),
    ],
  })
}

/** A batch spans fewer positions than this: so far it has to be looked for, and no further. */
const widestBatch = 50_000

export interface Passage {
  readonly publications: readonly Publication[]
  readonly settlements: readonly SettledRange[]
  readonly failures: readonly Failure[]
}

/** Everything that was noted of the event at a position. */
export async function readPassage(db: Queryable, position: number): Promise<Passage> {
  const [publications, settlements, failures] = await Promise.all([
    db.query<Publication>(
      `select first_position as "firstPosition", last_position as "lastPosition", published_at as "publishedAt"
       from journey_publications
       where last_position between $1 and $1 + $2 and first_position <= $1 order by published_at`,
      [position, widestBatch],
    ),
    db.query<SettledRange>(
      `select consumer_group as "group", topic, partition, first_offset as "firstOffset",
         last_offset as "lastOffset", first_position as "firstPosition", last_position as "lastPosition", attempt,
         settled_at as "settledAt"
       from journey_settlements
       where last_position between $1 and $1 + $2 and first_position <= $1 order by settled_at`,
      [position, widestBatch],
    ),
    db.query<Failure>(
      `select consumer_group as "group", position, topic, partition, record_offset as "offset", attempt, outcome,
         error_code as "errorCode", failed_at as "failedAt"
       from journey_failures where position = $1 order by failed_at`,
      [position],
    ),
  ])
  return { publications: publications.rows, settlements: settlements.rows, failures: failures.rows }
}

/** The positions of events that may have such an id. */
export async function positionsOf(db: Queryable, key: bigint, limit: number): Promise<number[]> {
  const { rows } = await db.query<{ position: number }>(
    'select distinct position from journey_keys where key = $1 order by position limit $2',
    [String(key), limit],
  )
  return rows.map(({ position }) => position)
}

const lifetime = "interval '3 days'"

const aged = [
  ['journey_publications', 'published_at'],
  ['journey_settlements', 'settled_at'],
  ['journey_failures', 'failed_at'],
  ['journey_keys', 'noted_at'],
] as const

/** Removes what is older than its lifetime, some at once so that no statement runs long. */
export async function purgeJourneys(db: Queryable): Promise<void> {
  for (const [table, column] of aged) {
    await purge(
      db,
      `delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${column} < now() - ${lifetime} limit $1
      ))`,
    )
  }
}
