import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { linkBatch } from './batch-links.ts'
import { contextFrom } from './tracing.ts'

test('each span of a batch knows its size, and is linked to the spans of the other traces in it', async () => {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const tracer = provider.getTracer('test')
  const of = (trace: string) =>
    tracer.startSpan(trace, {}, contextFrom(`00-${trace.repeat(32)}-00f067aa0ba902b7-01`))
  const spans = ['a', 'a', 'b', 'c'].map(of)
  linkBatch(spans, 7)
  for (const span of spans) span.end()
  const told = exporter.getFinishedSpans().map(({ name, links, attributes }) => {
    const traces = links.map(({ context }) => context.traceId[0] ?? '')
    return [name, traces.join(''), attributes['messaging.batch.message_count']]
  })
  assert.deepEqual(told, [
    ['a', 'bc', 7],
    ['a', 'bc', 7],
    ['b', 'aac', 7],
    ['c', 'aab', 7],
  ])
  await provider.shutdown()
})

test('a batch of a thousand traces makes few links', () => {
  const tracer = new NodeTracerProvider().getTracer('test')
  const spans = Array.from({ length: 1_000 }, () => tracer.startSpan('one'))
  linkBatch(spans, spans.length)
  assert.ok(spans.every((span) => 'links' in span && Array.isArray(span.links) && span.links.length === 20))
})
