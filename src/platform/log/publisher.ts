import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { linkBatch } from '../telemetry/batch-links.ts'
import { contextFrom, isSampled, traceparentOf } from '../telemetry/tracing.ts'
import type { StoredEvent } from './stored-event.ts'
import { type EventRecord, toRecord } from './to-record.ts'

/** What the relay needs of Kafka: records go out in order for each key, and the promise is their acknowledgement. */
export interface RecordProducer {
  send(records: readonly EventRecord[]): Promise<void>
  /** What Kafka knows these topics by; one that was deleted and made again has another id. */
  topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/**
 * Publishes events in order. The producer's span of each traced event continues its request's trace, and its
 * context travels with the record, so that the spans of all effects hang below it.
 */
export async function publish(
  events: readonly StoredEvent[],
  producer: RecordProducer,
  tracer: Tracer,
): Promise<void> {
  const spans: Span[] = []
  const records = events.map((event) => {
    if (!isSampled(event.traceparent)) return toRecord(event, event.traceparent)
    const span = startSpan(event, tracer)
    spans.push(span)
    return toRecord(event, traceparentOf(span))
  })
  linkBatch(spans, records.length)
  try {
    await producer.send(records)
  } catch (error) {
    for (const span of spans) span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    for (const span of spans) span.end()
  }
}

// OpenTelemetry semantic conventions for messaging.
function startSpan(event: StoredEvent, tracer: Tracer): Span {
  const { topic } = toRecord(event, null)
  return tracer.startSpan(
    `send ${topic}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
        'messaging.kafka.message.key': event.aggregate_id,
        'messaging.message.id': event.event_id,
        'thereview.event_type': event.event_type,
        'thereview.position': event.position,
      },
    },
    contextFrom(event.traceparent),
  )
}
