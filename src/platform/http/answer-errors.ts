import type { Tracer } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isRetryable } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import {
  type AnyProblemCode,
  isProblemCode,
  Problem,
  problemBody,
  problemMediaType,
  statusOf,
} from './problem.ts'
import { contextOf, pathOf } from './request-context.ts'

const retryAfterSeconds = '1'
const worthAnotherTry: ReadonlySet<AnyProblemCode> = new Set([
  'idempotency_in_progress',
  'rate_limited',
  'unavailable',
])

interface ErrorAnswers {
  readonly tracer: Tracer
  readonly log: Logger
}

/** Answers whatever is thrown with problem+json, and logs what was our fault; none of its text goes out. */
export function answerErrors(app: FastifyInstance, options: ErrorAnswers): void {
  app.setErrorHandler((error, request, reply) => answer(error, request, reply, options))
}

/** For `frameworkErrors` too, which come before any hook. */
export function answer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { tracer, log }: ErrorAnswers,
): FastifyReply {
  const { traceId, correlationId, traceparent } = contextOf(request, tracer)
  const { code, detail } = meaningOf(error)
  if (statusOf(code) >= 500) {
    const level = code === 'internal' ? 'error' : 'warn'
    log[level]({ err: error, trace_id: traceId, correlation_id: correlationId }, `answered ${code}`)
  }
  const problem = error instanceof Problem ? error : undefined
  reply.headers({ traceparent, 'x-correlation-id': correlationId, ...problem?.headers })
  if (worthAnotherTry.has(code) && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', retryAfterSeconds)
  }
  if (code === 'unauthenticated') reply.header('www-authenticate', challengeTo(request))
  return reply
    .code(statusOf(code))
    .type(problemMediaType)
    .send(JSON.stringify(problemBody(code, { detail, instance: pathOf(request), traceId }, problem)))
}

/** RFC 6750, section 3: who came with a token hears that it was not taken. */
function challengeTo({ headers }: FastifyRequest): string {
  return /^bearer +\S+$/i.test(headers.authorization?.trim() ?? '')
    ? 'Bearer error="invalid_token"'
    : 'Bearer'
}

interface Meaning {
  readonly code: AnyProblemCode
  readonly detail: string
}

const meaningsOfFastify: Readonly<Record<string, Meaning>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', detail: 'the body may have 64 KiB' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'the body has to be application/json in UTF-8',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'bad_request',
    detail: 'the body does not have the length that Content-Length says',
  },
  FST_ERR_BAD_URL: { code: 'malformed_url', detail: 'the path is not percent-encoded UTF-8' },
}

function meaningOf(error: unknown): Meaning {
  if (error instanceof AppError) {
    // What is away is nobody's business but ours, and in the log.
    if (error.code === 'unavailable' && error.cause !== undefined) return away
    if (isProblemCode(error.code)) return { code: error.code, detail: error.message }
    return isRetryable(error) ? away : internal
  }
  if (!(error instanceof Error)) return internal
  const known = 'code' in error && typeof error.code === 'string' ? meaningsOfFastify[error.code] : undefined
  if (known) return known
  const refused = 'statusCode' in error && Number(error.statusCode) >= 400 && Number(error.statusCode) < 500
  return refused ? { code: 'bad_request', detail: 'the request cannot be read' } : internal
}

const away: Meaning = { code: 'unavailable', detail: 'what this needs cannot be reached now; try again' }
const internal: Meaning = { code: 'internal', detail: 'the error was logged under the trace id' }
