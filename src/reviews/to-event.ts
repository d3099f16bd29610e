import { randomUUIDv7 } from 'node:crypto'
import type { EventMetadata } from '../contracts/event.ts'
import type { NewEvent } from '../platform/log/append.ts'
import type { Decision } from './review.ts'

/** The request that a command came with, as it is kept with the event. */
export interface Origin {
  readonly correlationId: string
  readonly traceId: string
  readonly traceparent: string
}

/** A decision's event as the log keeps it. It is written to text here, once. */
export function toEvent({ review, event }: Decision, by: string, origin: Origin): NewEvent {
  const metadata: EventMetadata = {
    correlation_id: origin.correlationId,
    trace_id: origin.traceId,
    user_id: by,
  }
  return {
    eventId: randomUUIDv7(),
    eventType: event.event_type,
    occurredAt: review.updated_at,
    aggregateType: 'Review',
    aggregateId: review.review_id,
    aggregateVersion: review.version,
    data: JSON.stringify(event.data),
    metadata: JSON.stringify(metadata),
    traceparent: origin.traceparent,
  }
}
