/** Names of the Kafka record headers. Values are UTF-8 text. */
export const headers = {
  eventType: 'event_type',
  eventId: 'event_id',
  /** The event's position in the log; absent on events that do not come from the log. */
  position: 'position',
  traceparent: 'traceparent',
  contentType: 'content-type',
} as const

export const retryHeaders = {
  group: 'retry-group',
  attempt: 'retry-attempt',
  dueAt: 'retry-due-at',
  originalTopic: 'retry-original-topic',
  originalPartition: 'retry-original-partition',
  originalOffset: 'retry-original-offset',
  /** Milliseconds since 1970. */
  originalTimestamp: 'retry-original-timestamp',
  /** RFC 3339. */
  firstFailedAt: 'retry-first-failed-at',
} as const

/** Tells the record of a letter that was sent again which letter it is, also when it fails once more. */
export const replayOf = 'dlq-replay-of'

export const deadLetterHeaders = {
  originalTopic: 'dlq-original-topic',
  originalPartition: 'dlq-original-partition',
  originalOffset: 'dlq-original-offset',
  originalTimestamp: 'dlq-original-timestamp',
  consumerGroup: 'dlq-consumer-group',
  errorCode: 'dlq-error-code',
  errorMessage: 'dlq-error-message',
  attempts: 'dlq-attempts',
  firstFailedAt: 'dlq-first-failed-at',
  failedAt: 'dlq-failed-at',
} as const
