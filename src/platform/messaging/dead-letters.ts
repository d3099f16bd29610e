import { deadLetterHeaders } from '../../contracts/headers.ts'
import { topics } from '../../contracts/topics.ts'
import type { AppError } from '../errors.ts'
import type { IncomingRecord, OutgoingHeader, OutgoingRecord } from '../kafka/records.ts'

/** What is set aside, and why. */
export interface DeadLetter {
  readonly record: IncomingRecord
  readonly error: AppError
  readonly attempts: number
  readonly firstFailedAt: Date
  readonly failedAt: Date
}

const maxMessageBytes = 1024

/** The record as it came, to the byte, with what is known of its failure in headers of its own. */
export function deadLetterRecord(
  group: string,
  { record, error, attempts, firstFailedAt, failedAt }: DeadLetter,
): OutgoingRecord {
  const { topic, partition, offset, timestamp, key, value, headers } = record
  const failure: OutgoingHeader[] = [
    [deadLetterHeaders.originalTopic, topic],
    [deadLetterHeaders.originalPartition, String(partition)],
    [deadLetterHeaders.originalOffset, String(offset)],
    [deadLetterHeaders.originalTimestamp, String(timestamp)],
    [deadLetterHeaders.consumerGroup, group],
    [deadLetterHeaders.errorCode, error.code],
    [deadLetterHeaders.errorMessage, cut(error.message)],
    [deadLetterHeaders.attempts, String(attempts)],
    [deadLetterHeaders.firstFailedAt, firstFailedAt.toISOString()],
    [deadLetterHeaders.failedAt, failedAt.toISOString()],
  ]
  return { topic: topics.deadLetters.name, key, value, headers: [...headers, ...failure] }
}

/** At most 1 KiB, and no half a character at the end. */
function cut(message: string): string {
  const bytes = Buffer.from(message)
  if (bytes.length <= maxMessageBytes) return message
  return new TextDecoder().decode(bytes.subarray(0, maxMessageBytes), { stream: true })
}
