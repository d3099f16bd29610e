import { deadLetterHeaders, headers, replayOf } from '../../contracts/headers.ts'
import {
  headerInteger,
  headerText,
  headerTime,
  type IncomingRecord,
  timeOf,
} from '../../platform/kafka/records.ts'
import { errorPattern } from './error-pattern.ts'

/** How many replays a letter gets before it is quarantined. */
export const maxReplays = 5

/** What the index keeps of one record of `deadletter.queue`. */
export interface IndexedRecord {
  readonly record_offset: string
  /** The letter that failed again, where this is one. */
  readonly replay_of: string | null
  readonly consumer_group: string
  readonly original_topic: string
  readonly original_partition: number
  readonly original_offset: string
  readonly record_key: string | null
  readonly event_id: string | null
  readonly event_type: string | null
  readonly error_code: string
  readonly error_message: string
  readonly error_pattern: string
  readonly attempts: number
  readonly first_failed_at: string
  readonly failed_at: string
}

/** A record that somebody else put on the topic, without our headers, is a letter too: nothing there goes unseen. */
export function indexed(record: IncomingRecord): IndexedRecord {
  const header = (name: string) => storable(headerText(record.headers, name))
  const text = (name: string) => header(name)?.slice(0, mostOfText) ?? null
  const number = (name: string, digits?: number) => headerInteger(record.headers, name, digits)
  const time = (name: string) => (headerTime(record.headers, name) ?? timeOf(record)).toISOString()
  const message = header(deadLetterHeaders.errorMessage)?.slice(0, mostOfMessage) ?? ''
  return {
    record_offset: String(record.offset),
    replay_of: number(replayOf)?.toString() ?? null,
    consumer_group: text(deadLetterHeaders.consumerGroup) ?? '(unknown)',
    original_topic: text(deadLetterHeaders.originalTopic) ?? record.topic,
    original_partition: Number(number(deadLetterHeaders.originalPartition, 9) ?? record.partition),
    original_offset: String(number(deadLetterHeaders.originalOffset) ?? record.offset),
    record_key: storable(record.key?.toString('utf8') ?? null)?.slice(0, 500) ?? null,
    event_id: text(headers.eventId),
    event_type: text(headers.eventType),
    error_code: text(deadLetterHeaders.errorCode) ?? '(unknown)',
    error_message: message,
    error_pattern: errorPattern(message),
    attempts: Number(number(deadLetterHeaders.attempts, 9) ?? 1),
    first_failed_at: time(deadLetterHeaders.firstFailedAt),
    failed_at: time(deadLetterHeaders.failedAt),
  }
}

// Whoever writes to the topic chooses its headers. Some of these texts stand in an index, which takes 2.7 kB at most.
const mostOfText = 250
const mostOfMessage = 1_024

/** Postgres keeps no U+0000. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\u0000', '\ufffd') ?? null
}
