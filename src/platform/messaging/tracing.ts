import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { linkBatch } from '../telemetry/batch-links.ts'
import { contextFrom, isSampled } from '../telemetry/tracing.ts'
import type { Outcome } from './handler.ts'
import type { Arrival, Middleware } from './run.ts'

/** A span for each effect of a traced event, below the span that produced it, linked to those of its batch. One that is not traced costs nothing. */
export const tracing =
  (tracer: Tracer, group: string): Middleware =>
  (next) =>
  async (arrivals, context) => {
    const spans = arrivals.map((arrival) =>
      isSampled(arrival.delivery.traceparent) ? startSpan(tracer, group, arrival) : null,
    )
    linkBatch(
      spans.filter((span) => span !== null),
      arrivals.length,
    )
    try {
      const outcomes = await next(arrivals, context)
      for (const [i, span] of spans.entries()) if (span) finish(span, outcomes[i])
      return outcomes
    } catch (error) {
      for (const span of spans)
        span?.setStatus({ code: SpanStatusCode.ERROR, message: 'will be tried again' })
      throw error
    } finally {
      for (const span of spans) span?.end()
    }
  }

// OpenTelemetry semantic conventions for messaging.
function startSpan(tracer: Tracer, group: string, { attempt, delivery }: Arrival): Span {
  const { event, position, traceparent } = delivery
  const { record, number } = attempt
  return tracer.startSpan(
    `process ${record.topic}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': record.topic,
        'messaging.destination.partition.id': String(record.partition),
        'messaging.kafka.offset': Number(record.offset),
        'messaging.consumer.group.name': group,
        'messaging.message.id': event.event_id,
        'messaging.message.conversation_id': event.metadata.correlation_id,
        'messaging.kafka.message.key': record.key?.toString('utf8') ?? '',
        'thereview.event_type': event.event_type,
        'thereview.attempt': number,
        ...(position === null ? {} : { 'thereview.position': Number(position) }),
      },
    },
    contextFrom(traceparent),
  )
}

function finish(span: Span, outcome: Outcome | undefined): void {
  if (!outcome || outcome.verdict === 'ok') return
  span.setAttribute('error.type', outcome.error.code)
  span.setAttribute('thereview.outcome', outcome.verdict)
  span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.error.code })
}
