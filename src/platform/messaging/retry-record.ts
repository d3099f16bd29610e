import { retryHeaders } from '../../contracts/headers.ts'
import { topics } from '../../contracts/topics.ts'
import {
  headerText,
  type IncomingRecord,
  type OutgoingHeader,
  type OutgoingRecord,
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

/** What a record of `retry.queue` asks for; null if it names no group. What else it lacks is taken from itself. */
export function fromRetryRecord(retried: IncomingRecord): Retry | null {
  const text = (name: string) => headerText(retried.headers, name)
  const group = text(retryHeaders.group)
  if (group === null) return null
  const record = {
    ...retried,
    topic: text(retryHeaders.originalTopic) ?? retried.topic,
    partition: Number(integer(text(retryHeaders.originalPartition)) ?? retried.partition),
    offset: integer(text(retryHeaders.originalOffset)) ?? retried.offset,
    timestamp: integer(text(retryHeaders.originalTimestamp)) ?? retried.timestamp,
    headers: retried.headers.filter(([name]) => !ownNames.has(name.toString('utf8'))),
  }
  const number = Number(integer(text(retryHeaders.attempt)) ?? 1n)
  const firstFailedAt = time(text(retryHeaders.firstFailedAt))
  return {
    group,
    attempt: { record, number: Math.max(1, number), firstFailedAt },
    dueAt: time(text(retryHeaders.dueAt)) ?? new Date(Number(retried.timestamp)),
  }
}

function integer(text: string | null): bigint | null {
  return text !== null && /^\d{1,18}$/.test(text) ? BigInt(text) : null
}

function time(text: string | null): Date | null {
  const milliseconds = Date.parse(text ?? '')
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds)
}
