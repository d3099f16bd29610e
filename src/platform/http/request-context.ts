import { randomBytes } from 'node:crypto'
import {
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Histogram } from 'prom-client'
import type { Origin } from '../log/new-event.ts'
import type { Logger } from '../telemetry/logger.ts'
import { contextFrom, traceparentOf } from '../telemetry/tracing.ts'

/** What follows a request through the system, into its answer, its events and its log lines. */
export interface RequestContext {
  readonly span: Span
  readonly traceId: string
  readonly traceparent: string
  readonly correlationId: string
}

declare module 'fastify' {
  interface FastifyRequest {
    context: RequestContext | null
  }
}

const correlationIdForm = /^[A-Za-z0-9._-]{1,128}$/

/** The context of a request. Only one that the router refused has none yet; it gets its own. */
export function contextOf(request: FastifyRequest, tracer: Tracer): RequestContext {
  request.context ??= begin(request, tracer)
  return request.context
}

/** What a command keeps of the request that it came with. */
export function originOf({ context }: FastifyRequest): Origin {
  if (!context) throw new Error('a route runs after its request has begun')
  const { correlationId, traceId, traceparent } = context
  return { correlationId, traceId, traceparent }
}

function begin(request: FastifyRequest, tracer: Tracer): RequestContext {
  const { traceparent, 'x-correlation-id': wanted } = request.headers
  const parent = contextFrom(typeof traceparent === 'string' ? traceparent : null)
  const span = isProbe(request.routeOptions.url)
    ? trace.wrapSpanContext(unrecorded())
    : tracer.startSpan(request.method, { kind: SpanKind.SERVER }, parent)
  const { traceId } = span.spanContext()
  return {
    span,
    traceId,
    traceparent: traceparentOf(span),
    // One id is enough to find by, unless the caller has one of its own.
    correlationId: typeof wanted === 'string' && correlationIdForm.test(wanted) ? wanted : traceId,
  }
}

export interface RequestTelemetry {
  readonly tracer: Tracer
  readonly log: Logger
  readonly durations: Histogram<'method' | 'route' | 'status'>
}

/** A server span, a log line and a measurement for each request, and the ids of its trace in its answer. */
export function followRequests(app: FastifyInstance, { tracer, log, durations }: RequestTelemetry): void {
  app.decorateRequest('context', null)

  app.addHook('onRequest', (request, reply, done) => {
    const { traceparent, correlationId } = contextOf(request, tracer)
    reply.headers({ traceparent, 'x-correlation-id': correlationId })
    done()
  })

  app.addHook('onResponse', (request, reply, done) => {
    const { span, traceId, correlationId } = contextOf(request, tracer)
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = reply.statusCode
    const milliseconds = reply.elapsedTime
    durations.observe({ method, route, status: String(status) }, milliseconds / 1000)
    if (span.isRecording()) describe(span, request, route, status)
    span.end()
    if (!isProbe(route) && log.isLevelEnabled('info')) {
      log.info(
        {
          trace_id: traceId,
          correlation_id: correlationId,
          method,
          path: pathOf(request).slice(0, mostOfPath),
          route,
          status,
          ms: Math.round(milliseconds * 10) / 10,
        },
        `${method} ${route} ${status}`,
      )
    }
    done()
  })
}

// Ids have at most 200 characters.
const mostOfPath = 2_000

/** The path alone: a query may hold what a person wrote. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

// OpenTelemetry, semantic conventions for HTTP spans.
function describe(span: Span, request: FastifyRequest, route: string, status: number): void {
  span.updateName(`${request.method} ${route}`)
  span.setAttributes({
    'http.request.method': request.method,
    'http.route': route,
    'http.response.status_code': status,
    'url.path': pathOf(request),
    'url.scheme': request.protocol,
    'server.address': request.hostname,
    'client.address': request.ip,
  })
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
}

// They come every few seconds for ever, and would crowd out the traces that matter.
const isProbe = (route: string | undefined) => route?.startsWith('/health/') || route === '/metrics'

function unrecorded(): SpanContext {
  const id = (bytes: number) => randomBytes(bytes).toString('hex')
  return { traceId: id(16), spanId: id(8), traceFlags: TraceFlags.NONE }
}
