import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Tracer } from '@opentelemetry/api'
import { fastify } from 'fastify'
import { Histogram, type Registry } from 'prom-client'
import { type Logger, moduleLog } from '../telemetry/logger.ts'
import { type AdmissionOptions, admitRequests } from './admission.ts'
import { answer, answerErrors } from './answer-errors.ts'
import { answerClientError, refuseTunnel } from './client-errors.ts'
import { allowOrigins } from './cors.ts'
import { discardTooLargeBodies } from './discard-rest.ts'
import { drainer } from './drain.ts'
import { acceptJsonAlone } from './json-body.ts'
import { boundLoad } from './load.ts'
import { guardOpenApi } from './local-guard.ts'
import { Problem } from './problem.ts'
import { parseQueryString } from './query-string.ts'
import { followRequests } from './request-context.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { answerUnmatched } from './unmatched.ts'
import { compileValidator } from './validation.ts'

export interface HttpServerOptions {
  readonly tracer: Tracer
  readonly log: Logger
  readonly metrics: Registry
  /** Without authentication: the host names, beyond loopback's, under which the API may be called. */
  readonly open: { readonly allowedHosts: readonly string[] } | null
  /** Who may come in. Without it, whoever registers routes makes out who calls. */
  readonly admission?: AdmissionOptions
  /** Origins whose web pages may call. */
  readonly corsOrigins?: readonly string[]
  /** Addresses and networks of the proxies that are believed about who the client is. */
  readonly trustedProxies?: readonly string[]
}

export type HttpServer = ReturnType<typeof createHttpServer>

const bodyLimit = 64 * 1024
// Each may hold a body of that size.
const maxUnderWay = 4_000
const maxDelayMs = 1_000

/** The API's server without its routes: how requests are read, refused, followed and answered when they fail. */
export function createHttpServer(options: HttpServerOptions) {
  const { tracer, metrics, open, admission, corsOrigins = [], trustedProxies = [] } = options
  const log = moduleLog(options.log, 'http')
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by method, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  })

  const app = fastify({
    bodyLimit,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Against clients that are slow, by mistake or by intent.
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
      // Node's own answer is no problem+json.
      requireHostHeader: false,
    },
    // Requests on connections that are open already are still answered while the server closes.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 8 * 1024, querystringParser: parseQueryString },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answer(error, request, reply, { tracer, log }),
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.server.on('connect', refuseTunnel)
  app.setValidatorCompiler(compileValidator)
  app.decorateRequest('caller', null)
  followRequests(app, { tracer, log, durations })
  addSecurityHeaders(app)
  allowOrigins(app, corsOrigins)
  const drain = drainer(app, boundLoad(app, { maxUnderWay, maxDelayMs }))
  answerErrors(app, { tracer, log })
  discardTooLargeBodies(app)
  app.addHook('onRequest', (request, _reply, done) => {
    const hostMissing = request.headers.host === undefined && request.raw.httpVersion === '1.1'
    done(hostMissing ? new Problem('bad_request', 'the Host header is missing') : undefined)
  })
  if (open) guardOpenApi(app, { ...open, corsOrigins })
  if (admission) admitRequests(app, admission)
  answerUnmatched(app)
  acceptJsonAlone(app)
  return { app, drain }
}
