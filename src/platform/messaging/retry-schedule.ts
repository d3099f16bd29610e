import { topics } from '../../contracts/topics.ts'
import { type IncomingRecord, timeOf } from '../kafka/records.ts'
import { type Queryable, withPostgres } from '../postgres/pool.ts'
import { fromRetryRecord } from './retry-record.ts'

/** What waits for its time: records of `retry.queue`, by the group that they are for. */
export interface RetrySchedule {
  /**
   * Keeps records of `retry.queue` until they are due, which is no later than the topic would forget them; one that
   * is there already stays as it is.
   * @throws {AppError} retryable, while they cannot be kept; anything else is the fault of a record
   */
  add(group: string, records: readonly IncomingRecord[]): Promise<void>
  /** Those that are due on these partitions and settled there, the longest due first, and when the next will be. */
  due(group: string, partitions: readonly RetryPartition[], limit: number): Promise<DueRetries>
  remove(group: string, records: readonly IncomingRecord[]): Promise<void>
}

/**
 * A partition of `retry.queue`. Its records from `committed` on and before `end` may be delivered again, and then have
 * to find their rows: until they are committed nobody runs them.
 */
export interface RetryPartition {
  readonly partition: number
  readonly committed: bigint
  /** Null while it is not known. */
  readonly end: bigint | null
}

export interface DueRetries {
  readonly records: readonly IncomingRecord[]
  /** Milliseconds until the next is due; null when none waits. */
  readonly nextInMs: number | null
}

export function retrySchedule(db: Queryable): RetrySchedule {
  return {
    async add(group, records) {
      if (records.length === 0) return
      await withPostgres(() =>
        db.query({
          name: 'retries.add',
          text: `insert into scheduled_retries (
              consumer_group, partition, record_offset, due_at, record_timestamp, key, value, headers
            )
            select $1, partition, record_offset, least(due_at, now() + $2 * interval '1 millisecond'),
              record_timestamp, key, value, headers
            from unnest(
              $3::integer[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::bytea[], $8::bytea[], $9::text[]
            ) as r (partition, record_offset, due_at, record_timestamp, key, value, headers)
            on conflict do nothing`,
          values: [
            group,
            topics.retries.retentionMs,
            records.map(({ partition }) => partition),
            records.map(({ offset }) => String(offset)),
            records.map((record) => fromRetryRecord(record)?.dueAt ?? new Date()),
            records.map(timeOf),
            records.map(({ key }) => key),
            records.map(({ value }) => value),
            records.map(({ headers }) => encodeHeaders(headers)),
          ],
        }),
      )
    },

    async due(group, partitions, limit) {
      // In one statement: mostly there is nothing, and it is asked twice a second. What is not due stays there.
      const { rows } = await db.query<ScheduledRow>({
        name: 'retries.due',
        text: `select partition, record_offset, record_timestamp, in_ms,
            case when in_ms = 0 then key end as key,
            case when in_ms = 0 then value end as value,
            case when in_ms = 0 then headers end as headers
          from scheduled_retries
          join unnest($2::integer[], $3::bigint[], $4::bigint[]) as own (partition, committed, "end") using (partition)
          cross join lateral (
            select greatest(0, least(ceil(extract(epoch from due_at - now()) * 1000), 1e9))::integer as in_ms
          ) as due
          -- What lies beyond the end of its partition lay on a topic that was deleted, and cannot come again either.
          where consumer_group = $1 and (record_offset < own.committed or record_offset >= own."end")
          order by due_at limit $5`,
        values: [
          group,
          partitions.map(({ partition }) => partition),
          partitions.map(({ committed }) => String(committed)),
          partitions.map(({ end }) => (end === null ? null : String(end))),
          limit,
        ],
      })
      const due = rows.filter(({ in_ms }) => in_ms === 0)
      return { records: due.map(toRecord), nextInMs: rows[due.length]?.in_ms ?? null }
    },

    async remove(group, records) {
      await db.query({
        name: 'retries.remove',
        text: `delete from scheduled_retries where ctid = any (array(
            select found.ctid from unnest($2::integer[], $3::bigint[]) as r (partition, record_offset)
            cross join lateral (
              select ctid from scheduled_retries as own
              where consumer_group = $1 and own.partition = r.partition and own.record_offset = r.record_offset offset 0
            ) as found
          ))`,
        values: [
          group,
          records.map(({ partition }) => partition),
          records.map(({ offset }) => String(offset)),
        ],
      })
    },
  }
}

interface ScheduledRow {
  readonly partition: number
  readonly record_offset: number
  readonly record_timestamp: Date
  /** 0 when it is due; what follows is empty when it is not. */
  readonly in_ms: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: string | null
}

function toRecord({
  partition,
  record_offset,
  record_timestamp,
  key,
  value,
  headers,
}: ScheduledRow): IncomingRecord {
  return {
    topic: topics.retries.name,
    partition,
    offset: BigInt(record_offset),
    timestamp: BigInt(record_timestamp.getTime()),
    key,
    value,
    headers: decodeHeaders(headers ?? '[]'),
  }
}

function encodeHeaders(headers: IncomingRecord['headers']): string {
  return JSON.stringify(
    headers.map(([name, value]) => [name.toString('base64'), value?.toString('base64') ?? null]),
  )
}

function decodeHeaders(text: string): IncomingRecord['headers'] {
  const pairs: readonly (readonly [string, string | null])[] = JSON.parse(text)
  return pairs.map(([name, value]) => [
    Buffer.from(name, 'base64'),
    value === null ? null : Buffer.from(value, 'base64'),
  ])
}
