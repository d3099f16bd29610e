import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
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

test('spans go by OTLP to the endpoint that is given, those that are held at the end too', async () => {
  const received: { path: string; spans: string[]; service: string }[] = []
  const collector = createServer((request, response) => {
    void json(request).then((body) => {
      const [first] = (body as OtlpRequest).resourceSpans
      const service = first?.resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue
      const spans = first?.scopeSpans.flatMap((scope) => scope.spans.map(({ name }) => name)) ?? []
      received.push({ path: request.url ?? '', spans, service: service ?? '' })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  collector.listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const address = collector.address()
  assert.ok(address !== null && typeof address === 'object')
  const tracing = startTracing({
    service: 'relay',
    zipkinUrl: null,
    otlpEndpoint: `http://127.0.0.1:${address.port}`,
    tracesPerSecond: 1,
  })
  tracing.tracer.startSpan('the only one').end()
  await tracing.stop()
  collector.close()
  assert.deepEqual(received, [{ path: '/v1/traces', spans: ['the only one'], service: 'relay' }])
})

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly {
        readonly key: string
        readonly value: { readonly stringValue?: string }
      }[]
    }
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[]
  }[]
}
