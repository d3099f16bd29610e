import { randomUUIDv7 } from 'node:crypto'
import { reviewViewed } from '../contracts/events/review-viewed.ts'
import { statsViewed } from '../contracts/events/stats-viewed.ts'
import { headers } from '../contracts/headers.ts'
import type { OutgoingRecord } from '../platform/kafka/records.ts'
import type { Origin } from '../platform/log/new-event.ts'
import type { ViewEvent } from './view-counts.ts'

/** A view as a client reports it. */
export interface View {
  readonly type: 'review.viewed' | 'review.viewed.v1' | 'stats.viewed' | 'stats.viewed.v1'
  readonly entity_type: string
  readonly entity_id: string
  readonly review_id?: string
  /** Where it was seen. */
  readonly source?: string
}

const definitions = {
  'review.viewed': reviewViewed,
  'review.viewed.v1': reviewViewed,
  'stats.viewed': statsViewed,
  'stats.viewed.v1': statsViewed,
} as const

/** A view as it goes to Kafka. Who looked is not in it. */
export function toViewRecord(
  { type, source = 'api', ...seen }: View,
  at: Date,
  origin: Origin,
): OutgoingRecord {
  const definition = definitions[type]
  const key = `${seen.entity_type}:${seen.entity_id}`
  const event: ViewEvent = {
    event_id: randomUUIDv7(),
    event_type: definition.type,
    timestamp: at.toISOString(),
    aggregate_id: key,
    aggregate_type: definition.aggregateType,
    data: { ...seen, source },
    metadata: { correlation_id: origin.correlationId, trace_id: origin.traceId },
  }
  return {
    topic: definition.topic.name,
    key,
    value: JSON.stringify(event),
    headers: {
      [headers.eventType]: event.event_type,
      [headers.eventId]: event.event_id,
      [headers.contentType]: 'application/json',
      [headers.traceparent]: origin.traceparent,
    },
  }
}
