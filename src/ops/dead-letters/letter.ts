import { deadLetterHeaders, headers } from '../../contracts/headers.ts'
import { headerText, type IncomingRecord } from '../../platform/kafka/records.ts'
import { errorPattern } from './error-pattern.ts'

/** Tells the record of a letter that was sent again which letter it is, also when it fails once more. */
export const replayOf = 'dlq-replay-of'

/** How many replays a letter gets before it is quarantined. */
export const maxReplays = 5

export type LetterState = 'open' | 'replayed' | 'resolved' | 'discarded' | 'quarantined'

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
  const text = (name: string) => storable(headerText(record.headers, name))
  const number = (name: string) => wholeNumber(text(name))
  const message = text(deadLetterHeaders.errorMessage) ?? ''
  const happened = new Date(Number(record.timestamp)).toISOString()
  return {
    record_offset: String(record.offset),
    replay_of: number(replayOf)?.toString() ?? null,
    consumer_group: text(deadLetterHeaders.consumerGroup) ?? '(unknown)',
    original_topic: text(deadLetterHeaders.originalTopic) ?? record.topic,
    original_partition: Number(number(deadLetterHeaders.originalPartition) ?? record.partition),
    original_offset: String(number(deadLetterHeaders.originalOffset) ?? record.offset),
    record_key: storable(record.key?.toString('utf8') ?? null)?.slice(0, 500) ?? null,
    event_id: text(headers.eventId),
    event_type: text(headers.eventType),
    error_code: text(deadLetterHeaders.errorCode) ?? '(unknown)',
    error_message: message,
    error_pattern: errorPattern(message),
    attempts: Number(number(deadLetterHeaders.attempts) ?? 1),
    first_failed_at: time(text(deadLetterHeaders.firstFailedAt)) ?? happened,
    failed_at: time(text(deadLetterHeaders.failedAt)) ?? happened,
  }
}

/** Postgres keeps no U+0000. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\u0000', '\ufffd') ?? null
}

function wholeNumber(text: string | null): bigint | null {
  return text !== null && /^\d{1,18}$/.test(text) ? BigInt(text) : null
}

function time(text: string | null): string | null {
  const parsed = Date.parse(text ?? '')
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString()
}
