import type { Span } from '@opentelemetry/api'

/** Beyond these the rest of a batch tells nothing new. */
const mostLinks = 20

/**
 * Says of each span of a batch that was worked on together how large the batch was, and links it to the spans of the
 * other traces in it: why one event took long is often another's doing.
 */
export function linkBatch(spans: readonly Span[], batchSize: number): void {
  const contexts = spans.map((span) => span.spanContext())
  for (const span of spans) {
    span.setAttribute('messaging.batch.message_count', batchSize)
    const { traceId } = span.spanContext()
    const others = contexts.values().filter((context) => context.traceId !== traceId)
    const links = [...others.take(mostLinks)].map((context) => ({ context }))
    if (links.length > 0) span.addLinks(links)
  }
}
