import { randomUUIDv7 } from 'node:crypto'
import type { EventMetadata } from '../../contracts/event.ts'
import type { NewEvent } from './append.ts'

/** The request that a command came with, as it is kept with the event. */
export interface Origin {
  readonly correlationId: string
  readonly traceId: string
  readonly traceparent: string
}

/** What happened to an aggregate, and who did it. */
export interface Happening {
  readonly aggregateType: string
  readonly aggregateId: string
  readonly version: number
  /** RFC 3339. */
  readonly at: string
  readonly event: { readonly event_type: string; readonly data: object }
  /** A user id. */
  readonly by: string
}

/** An event as the log keeps it. It is written to text here, once. */
export function newEvent(happening: Happening, origin: Origin): NewEvent {
  const { aggregateType, aggregateId, version, at, event, by } = happening
  const metadata: EventMetadata = {
    correlation_id: origin.correlationId,
    trace_id: origin.traceId,
    user_id: by,
  }
  return {
    eventId: randomUUIDv7(),
    eventType: event.event_type,
    occurredAt: at,
    aggregateType,
    aggregateId,
    aggregateVersion: version,
    data: JSON.stringify(event.data),
    metadata: JSON.stringify(metadata),
    traceparent: origin.traceparent,
  }
}
