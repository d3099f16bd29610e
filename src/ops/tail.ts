import { decode } from '../contracts/decode.ts'
import type { Envelope } from '../contracts/event.ts'
import { headers } from '../contracts/headers.ts'
import { topics } from '../contracts/topics.ts'
import { headerText, type IncomingRecord, timeOf } from '../platform/kafka/records.ts'

/** Where events lie; dead letters and retries carry copies of them. */
export const eventTopics: readonly string[] = [
  topics.reviews,
  topics.users,
  topics.notifications,
  topics.analytics,
].map(({ name }) => name)

export interface TailedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  /** Position in the log; null for what does not come from it. */
  readonly position: number | null
  /** When it came to Kafka. */
  readonly recorded_at: string
  readonly event: Envelope | null
  /** Why it is no event that we know; null if it is one. */
  readonly problem: string | null
}

export interface TailFilter {
  /** Event types, or beginnings of them: `review.` takes all of a review's. */
  readonly types: readonly string[]
  readonly key: string | null
  readonly traceId: string | null
}

/** Follows records as they come, until the reader is stopped. Across partitions the order is that of their times. */
export async function* tail(
  reader: { next(): Promise<readonly IncomingRecord[] | null> },
  filter: TailFilter,
): AsyncGenerator<TailedRecord> {
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    const inOrder = batch.toSorted((a, b) => Number(a.timestamp - b.timestamp))
    for (const record of inOrder) {
      const tailed = tailedRecord(record)
      if (matches(tailed, filter)) yield tailed
    }
  }
}

function tailedRecord(record: IncomingRecord): TailedRecord {
  const decoded = decode(record.value)
  const position = headerText(record.headers, headers.position)
  return {
    topic: record.topic,
    partition: record.partition,
    offset: Number(record.offset),
    key: record.key?.toString('utf8') ?? null,
    position: position === null ? null : Number(position),
    recorded_at: timeOf(record).toISOString(),
    event: decoded.ok ? decoded.event : null,
    problem: decoded.ok ? null : `${decoded.code}: ${decoded.detail}`,
  }
}

export function matches({ event, key }: TailedRecord, filter: TailFilter): boolean {
  if (filter.key !== null && key !== filter.key) return false
  if (filter.traceId !== null && event?.metadata.trace_id !== filter.traceId) return false
  return filter.types.length === 0 || filter.types.some((type) => event?.event_type.startsWith(type))
}
