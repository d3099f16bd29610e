import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import { RateLimitedSampler } from './rate-limited-sampler.ts'
import { zipkinExporter } from './zipkin-exporter.ts'

export interface TracingOptions {
  readonly service: string
  readonly zipkinUrl: string | null
  readonly otlpEndpoint: string | null
  readonly tracesPerSecond: number
}

export interface Tracing {
  readonly tracer: Tracer
  /** Sends what is still held, and ends. */
  stop(): Promise<void>
}

/** Traces go to an OTLP endpoint where one is given, else to Zipkin, else nowhere. */
export function startTracing({ service, zipkinUrl, otlpEndpoint, tracesPerSecond }: TracingOptions): Tracing {
  const exporter = exporterTo(otlpEndpoint, zipkinUrl)
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'thereview' }),
    sampler: new ParentBasedSampler({ root: new RateLimitedSampler(exporter ? tracesPerSecond : 0) }),
    spanProcessors: exporter ? [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 })] : [],
  })
  return { tracer: provider.getTracer('thereview'), stop: () => provider.shutdown() }
}

function exporterTo(otlpEndpoint: string | null, zipkinUrl: string | null): SpanExporter | null {
  if (otlpEndpoint) return new OTLPTraceExporter({ url: new URL('v1/traces', withSlash(otlpEndpoint)).href })
  return zipkinUrl ? zipkinExporter(new URL('api/v2/spans', withSlash(zipkinUrl)).href) : null
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`)

// W3C Trace Context, section 3.2.
const traceparentForm = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** The span context of a `traceparent`; null where there is none, or not a valid one. */
export function parseTraceparent(traceparent: string | null | undefined): SpanContext | null {
  const parts = traceparentForm.exec(traceparent ?? '')
  if (!parts) return null
  const [, traceId = '', spanId = '', flags = ''] = parts
  if (traceparent?.startsWith('ff') || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
}

/** The context in which a span continues the trace of a `traceparent`, or begins one where that is none. */
export function contextFrom(traceparent: string | null | undefined): Context {
  const remote = parseTraceparent(traceparent)
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT
}

export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`
}

/** Whether a trace is recorded: of one that is not, no span needs to be made. */
export function isSampled(traceparent: string | null | undefined): boolean {
  return ((parseTraceparent(traceparent)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0
}
