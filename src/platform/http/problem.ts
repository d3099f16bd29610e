import { AppError } from '../errors.ts'

/** Every `code` that an answer may carry, with its status and the title that goes with it (RFC 9457). */
export const problemTypes = {
  bad_request: { status: 400, title: 'The request is malformed' },
  malformed_url: { status: 400, title: 'The URL is malformed' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid here' },
  invalid_consistency_token: { status: 400, title: 'The Consistency-Token is not valid' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'There is nothing here' },
  review_not_found: { status: 404, title: 'There is no such review' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  review_already_exists: { status: 409, title: 'The user has reviewed this already' },
  idempotency_in_progress: { status: 409, title: 'A request with this key is under way' },
  review_deleted: { status: 410, title: 'The review was deleted' },
  version_mismatch: { status: 412, title: 'The review has another version' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  idempotency_key_reused: { status: 422, title: 'The key was used for another request' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'The service cannot answer now' },
} as const

export type ProblemCode = keyof typeof problemTypes

/** What the operator's API answers beside them. */
const operatorProblemTypes = {
  topic_protected: { status: 403, title: 'The topic belongs to TheReview' },
  group_active: { status: 409, title: 'The consumer group has members' },
  topic_already_exists: { status: 409, title: 'There is a topic of this name' },
  replay_state: { status: 409, title: 'The replay is in another state' },
  not_confirmed: { status: 422, title: 'The act was not confirmed' },
} as const

export type AnyProblemCode = ProblemCode | keyof typeof operatorProblemTypes

const allProblemTypes = { ...problemTypes, ...operatorProblemTypes }

export function statusOf(code: AnyProblemCode): number {
  return allProblemTypes[code].status
}

/** One thing that is wrong with a request. `pointer` is a JSON Pointer into the part that `in` names. */
export interface ProblemDetail {
  readonly in: 'body' | 'query' | 'path' | 'header'
  readonly pointer: string
  readonly code: string
  readonly detail: string
}

/** An error that knows more about its answer than its code: what is wrong where, headers, further members. */
export class Problem extends AppError {
  readonly errors: readonly ProblemDetail[]
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, string>>

  constructor(
    code: AnyProblemCode,
    message: string,
    more: {
      errors?: readonly ProblemDetail[]
      headers?: Readonly<Record<string, string>>
      members?: Readonly<Record<string, string>>
      cause?: unknown
    } = {},
  ) {
    super(code, 'fatal', message, { cause: more.cause })
    this.errors = more.errors ?? []
    this.headers = more.headers ?? {}
    this.members = more.members ?? {}
  }
}

export function invalid(errors: readonly ProblemDetail[]): Problem {
  const where = errors.map(({ in: part, pointer, detail }) => `${part} ${pointer || '/'} ${detail}`)
  const shown = where.slice(0, 3).join('; ')
  return new Problem(
    'validation_failed',
    where.length > 3 ? `${shown}; and ${where.length - 3} more` : shown,
    {
      errors,
    },
  )
}

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: AnyProblemCode
  readonly trace_id: string
  readonly errors: readonly ProblemDetail[]
  readonly [member: string]: unknown
}

/** The body of an answer, for a code, with what is known of the request. */
export function problemBody(
  code: AnyProblemCode,
  { detail, instance, traceId }: { detail: string; instance: string; traceId: string },
  { errors, members }: Partial<Pick<Problem, 'errors' | 'members'>> = {},
): ProblemBody {
  const { status, title } = allProblemTypes[code]
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    instance,
    code,
    trace_id: traceId,
    errors: errors ?? [],
    ...members,
  }
}

/** What a client sent, in a sentence that goes back to it. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text)
}

export function isProblemCode(code: string): code is AnyProblemCode {
  return Object.hasOwn(allProblemTypes, code)
}

export const problemMediaType = 'application/problem+json'
