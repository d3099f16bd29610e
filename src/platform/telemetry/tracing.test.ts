import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SamplingDecision } from '@opentelemetry/sdk-trace-node'
import { RateLimitedSampler } from './rate-limited-sampler.ts'
import { contextFrom, isSampled, parseTraceparent, startTracing, traceparentOf } from './tracing.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const sampled = `00-${traceId}-00f067aa0ba902b7-01`

test('a span continues the trace of a traceparent, and keeps its decision', async () => {
  const tracing = startTracing({ service: 'test', zipkinUrl: null, otlpEndpoint: null, tracesPerSecond: 1 })
  const span = tracing.tracer.startSpan('child', {}, contextFrom(sampled))
  assert.match(traceparentOf(span), new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
  const other = tracing.tracer.startSpan('child', {}, contextFrom(sampled.replace(/01$/, '00')))
  assert.equal(isSampled(traceparentOf(other)), false)
  await tracing.stop()
})

const refused = [
  '',
  'x',
  sampled.toUpperCase(),
  sampled.replace(/^00/, 'ff'),
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-00f067aa0ba902b7`,
  null,
  undefined,
]
for (const traceparent of refused) {
  test(`no trace is continued from ${JSON.stringify(traceparent)}`, () => {
    assert.equal(parseTraceparent(traceparent), null)
  })
}

test('the sampler takes so many new traces a second and no more', () => {
  let now = 0
  const sampler = new RateLimitedSampler(2, () => now)
  const take = () => sampler.shouldSample().decision === SamplingDecision.RECORD_AND_SAMPLED
  assert.deepEqual([take(), take(), take()], [true, true, false])
  now = 1000
  assert.equal(take(), true)
})
