import { deadLetterHeaders, replayOf } from '../../contracts/headers.ts'
import { headerText, type IncomingRecord, type OutgoingRecord } from '../../platform/kafka/records.ts'
import { toRetryRecord } from '../../platform/messaging/retry-record.ts'
import type { Letter } from './letters.ts'

const added = new Set<string>([...Object.values(deadLetterHeaders), replayOf])

/**
 * The letter's record as it first came, to the byte, on its way to the group that failed and to no other. It keeps
 * the letter's id, by which a second failure is known as the same letter's.
 */
export function replayRecord(letter: Letter, record: IncomingRecord, now: Date): OutgoingRecord {
  const timestamp = headerText(record.headers, deadLetterHeaders.originalTimestamp)
  const original = {
    ...record,
    topic: letter.original_topic,
    partition: letter.original_partition,
    offset: BigInt(letter.original_offset),
    timestamp: timestamp !== null && /^\d{1,18}$/.test(timestamp) ? BigInt(timestamp) : record.timestamp,
    headers: [
      ...record.headers.filter(([name]) => !added.has(name.toString('utf8'))),
      [Buffer.from(replayOf), Buffer.from(String(letter.letter_id))] as const,
    ],
  }
  return toRetryRecord({
    group: letter.consumer_group,
    attempt: { record: original, number: 1, firstFailedAt: null, isReplay: true },
    dueAt: now,
  })
}
