import { replayOf, retryHeaders } from '../../contracts/headers.ts'
import { topics } from '../../contracts/topics.ts'
import {
  headerInteger,
  headerText,
  headerTime,
  type IncomingRecord,
  type OutgoingHeader,
  type OutgoingRecord,
  timeOf,
} from '../kafka/records.ts'
import type { Attempt } from './attempt.ts'

export interface Retry {
  readonly group: string
  readonly attempt: Attempt
  readonly dueAt: Date
}

const ownNames = new Set<string>(Object.values(retryHeaders))

/** The record as it first came, to the byte, for another attempt of one group. */
export function toRetryRecord({ group, attempt, dueAt }: Retry): OutgoingRecord {
  const { record, number, firstFailedAt } = attempt
  const added: OutgoingHeader[] = [
    [retryHeaders.group, group],
    [retryHeaders.attempt, String(number)],
    [retryHeaders.dueAt, dueAt.toISOString()],
    [retryHeaders.originalTopic, record.topic],
    [retryHeaders.originalPartition, String(record.partition)],
    [retryHeaders.originalOffset, String(record.offset)],
    [retryHeaders.originalTimestamp, String(record.timestamp)],
    ...(firstFailedAt ? [[retryHeaders.firstFailedAt, firstFailedAt.toISOString()] as const] : []),
  ]
  return {
    topic: topics.retries.name,
    key: record.key,
    value: record.value,
    headers: [...record.headers, ...added],
  }
}

/**
 * What a record of `retry.queue` asks for; null if it names no group. What else it lacks, or nothing of ours could
 * hold, is taken from itself.
 */
export function fromRetryRecord(retried: IncomingRecord): Retry | null {
  const text = (name: string) => headerText(retried.headers, name)
  const integer = (name: string, digits?: number) => headerInteger(retried.headers, name, digits)
  const group = text(retryHeaders.group)
  if (group === null) return null
  const record = {
    ...retried,
    topic: topicName(text(retryHeaders.originalTopic)) ?? retried.topic,
    partition: Number(integer(retryHeaders.originalPartition, 9) ?? retried.partition),
    offset: integer(retryHeaders.originalOffset) ?? retried.offset,
    timestamp: integer(retryHeaders.originalTimestamp) ?? retried.timestamp,
    headers: retried.headers.filter(([name]) => !ownNames.has(name.toString('utf8'))),
  }
  const number = Number(integer(retryHeaders.attempt, 9) ?? 1n)
  const firstFailedAt = headerTime(retried.headers, retryHeaders.firstFailedAt)
  return {
    group,
    attempt: { record, number: Math.max(1, number), firstFailedAt, isReplay: text(replayOf) !== null },
    dueAt: headerTime(retried.headers, retryHeaders.dueAt) ?? timeOf(retried),
  }
}

function topicName(text: string | null): string | null {
  return text !== null && /^[\w.-]{1,249}$/.test(text) ? text : null
}
