import { AppError, unavailable } from '../errors.ts'
import type { OutgoingRecord } from './records.ts'

/** A record that its topic does not take, however often it is sent. */
export class RecordTooLargeError extends AppError {
  readonly record: OutgoingRecord

  constructor(record: OutgoingRecord, cause: unknown) {
    super('record_too_large', 'fatal', `a record is too large for ${record.topic}`, { cause })
    this.record = record
  }
}

/** Kafka's own names for what went wrong, out of the client's nested errors; none for trouble with connections. */
export function kafkaCodes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const own = 'apiId' in error && typeof error.apiId === 'string' ? [error.apiId] : []
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : []
  return [...own, ...inner.flatMap(kafkaCodes), ...kafkaCodes(error.cause)]
}

export function hasKafkaCode(error: unknown, ...codes: readonly string[]): boolean {
  return kafkaCodes(error).some((code) => codes.includes(code))
}

const tooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']

const refusals = [
  'CLUSTER_AUTHORIZATION_FAILED',
  'CORRUPT_MESSAGE',
  'GROUP_AUTHORIZATION_FAILED',
  'INVALID_CONFIG',
  'INVALID_PARTITIONS',
  'INVALID_RECORD',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
]

/** What a client's error means to us: that waiting may help, unless Kafka refuses for a reason that stays. */
export function fromClient(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (hasKafkaCode(error, ...tooLarge)) {
    return new AppError('record_too_large', 'fatal', 'records are too large for their topic', {
      cause: error,
    })
  }
  const refusal = kafkaCodes(error).find((code) => refusals.includes(code))
  return refusal
    ? new AppError('kafka_refused', 'fatal', `Kafka refuses: ${refusal}`, { cause: error })
    : unavailable('kafka', error)
}
