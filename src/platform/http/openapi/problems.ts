import { Type } from 'typebox'
import {
  type ProblemBody,
  type ProblemCode,
  type ProblemDetail,
  problemBody,
  problemMediaType,
  problemTypes,
} from '../problem.ts'
import { headersOfEveryAnswer, type ResponseHeader } from './headers.ts'
import type { Json } from './schemas.ts'

const ProblemDetailBody = Type.Object(
  {
    in: Type.String({
      enum: ['body', 'query', 'path', 'header'],
      description: 'The part of the request.',
    }),
    pointer: Type.String({ description: 'The place in that part, a JSON Pointer (RFC 6901).' }),
    code: Type.String({ description: 'What is wrong, for programs: `required`, `unknown`, `pattern`, …' }),
    detail: Type.String({ description: 'What is wrong, for people.' }),
  },
  { title: 'ProblemDetail', description: 'One thing that is wrong with a request.' },
)

export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: '`/problems/` and the code.' }),
    title: Type.String({ description: 'The same for every problem of this code.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong this time, for people. Never parse it.' }),
    instance: Type.String({ description: 'The path that was asked for.' }),
    code: Type.String({ description: 'What to decide on: stable, and the same wherever it occurs.' }),
    trace_id: Type.String({
      pattern: '^[0-9a-f]{32}$',
      description: 'Under this id our logs tell more. Give it when you ask for help.',
    }),
    errors: Type.Array(ProblemDetailBody, {
      description: 'Each thing that is wrong with the request; empty unless the code is `validation_failed`.',
    }),
  },
  { title: 'Problem', description: 'What went wrong (RFC 9457, `application/problem+json`).' },
)

interface Explanation {
  /** When it comes, and what a client does about it. */
  readonly text: string
  /** A `detail` such as it comes. */
  readonly detail: string
  readonly headers?: readonly ResponseHeader[]
  /** Members beyond those of every problem. */
  readonly members?: Readonly<Record<string, { readonly schema: Json; readonly example: string }>>
}

const reviewUrl = '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'

const explanations: Readonly<Record<ProblemCode, Explanation>> = {
  bad_request: {
    text: 'The request is not proper HTTP: no `Host`, a `Content-Length` that lies, … Mend the client.',
    detail: 'the Host header is missing',
  },
  malformed_url: {
    text: 'The path is not percent-encoded UTF-8. Encode each part of it.',
    detail: 'the path is not percent-encoded UTF-8',
  },
  malformed_json: {
    text: 'The body is not valid JSON in UTF-8, or has a key twice in one object.',
    detail: 'the body is not valid JSON',
  },
  invalid_cursor: {
    text: 'The cursor was not given out by this list with this filter and order. Start again without one.',
    detail: 'the cursor belongs to another list, or was changed',
  },
  invalid_consistency_token: {
    text: 'The `Consistency-Token` was not given out by this API. Send one as you got it, or none.',
    detail: 'the Consistency-Token is not one of this API',
  },
  unauthenticated: {
    text: 'There are no credentials, or they were refused. Get new ones; the same request again is no use.',
    detail: 'this needs an Authorization header with a Bearer token',
    headers: ['WWW-Authenticate'],
  },
  forbidden: {
    text: 'You may not do this.',
    detail: 'the review is not yours to change',
  },
  not_found: {
    text: 'There is nothing at this path: a part of it is empty, say, or names nothing.',
    detail: 'there is no such path',
  },
  review_not_found: { text: 'There never was a review with this id.', detail: 'there is no such review' },
  method_not_allowed: {
    text: 'The path does not take this method; `Allow` says which it takes.',
    detail: 'this path takes GET, HEAD, POST',
    headers: ['Allow'],
  },
  request_timeout: {
    text: 'The request did not arrive within 15 seconds, its headers within 10. The connection is closed.',
    detail: 'the request did not arrive in time',
  },
  review_already_exists: {
    text:
      'The user has a live review of this entity, and may have only one: `existing` says where it is. Change that ' +
      'one, or delete it first.',
    detail: 'the user has a review of this already: change or delete that',
    members: {
      existing: {
        schema: { type: 'string', format: 'uri-reference', description: 'The path of the live review.' },
        example: reviewUrl,
      },
    },
  },
  idempotency_in_progress: {
    text: 'A request with this `Idempotency-Key` is under way. Send yours again in a moment.',
    detail: 'a request with this Idempotency-Key is under way',
  },
  review_deleted: {
    text: 'The review was deleted. That is for ever: its id is never used again.',
    detail: 'the review was deleted',
  },
  version_mismatch: {
    text:
      'The resource has another version than `If-Match` names: somebody else wrote it. Read it again, decide again, ' +
      'and send the new `ETag`.',
    detail: 'the review is at version 2 now',
  },
  body_too_large: { text: 'The body has more than 64 KiB.', detail: 'the body may have 64 KiB' },
  unsupported_media_type: {
    text: 'The body is not `application/json` in UTF-8, or is compressed.',
    detail: 'the body has to be application/json in UTF-8, not encoded',
  },
  validation_failed: {
    text: 'Something in the request is not valid; `errors` says what and where, all of it at once.',
    detail: 'body /rating must be one of 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5',
  },
  idempotency_key_reused: {
    text: 'The `Idempotency-Key` came with another body before. Make a new key for each new thing to do.',
    detail: 'the Idempotency-Key came with another body before',
  },
  rate_limited: {
    text: 'You ask too often. Try again after `Retry-After` seconds.',
    detail: 'too many requests',
    headers: ['Retry-After'],
  },
  headers_too_large: {
    text: 'URL and headers have more than 16 KiB together.',
    detail: 'URL and headers may have 16 KiB together',
  },
  internal: {
    text: 'A mistake of ours; it was logged. The same request may work later.',
    detail: 'the error was logged under the trace id',
  },
  unavailable: {
    text:
      'The service cannot answer now: it is overloaded, starts, stops, or its database is away. Try again after ' +
      '`Retry-After` seconds, with some randomness; for a POST use an `Idempotency-Key`, since the first attempt ' +
      'may have been done.',
    detail: 'what this needs cannot be reached now; try again',
    headers: ['Retry-After'],
  },
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const someDetail = {
  in: 'body',
  pointer: '/rating',
  code: 'enum',
  detail: 'must be one of 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5',
} as const

/** A problem as it is answered at a path. */
export function exampleProblem(
  code: ProblemCode,
  instance: string,
  {
    detail,
    ...more
  }: { detail: string; errors?: readonly ProblemDetail[]; members?: Record<string, string> },
): ProblemBody {
  return problemBody(code, { detail, instance, traceId }, more)
}

/** A problem of this code as an example of the document. */
export function componentExample(code: ProblemCode): Json {
  const { detail, members = {} } = explanations[code]
  const extra = Object.fromEntries(Object.entries(members).map(([name, { example }]) => [name, example]))
  const errors = code === 'validation_failed' ? [someDetail] : []
  const value = exampleProblem(code, reviewUrl, { detail, errors, members: extra })
  return { summary: problemTypes[code].title, value }
}

export interface ProblemAnswer {
  readonly description: string
  readonly headers: Json
  readonly content: { readonly [problemMediaType]: Json }
}

/** The answer for problems of one status, which its codes tell apart. `reference` puts a header's name into place. */
export function answerOfProblems(
  codes: readonly ProblemCode[],
  { problem, headers }: { problem: unknown; headers: (names: readonly ResponseHeader[]) => Json },
): ProblemAnswer {
  const own = codes.flatMap((code) => explanations[code].headers ?? [])
  return {
    description: codes.map((code) => `\`${code}\`: ${explanations[code].text}`).join('\n\n'),
    headers: headers([...new Set([...own, ...headersOfEveryAnswer])]),
    content: {
      [problemMediaType]: {
        schema: { allOf: [problem, ownMembers(codes)] },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  }
}

/** A member of one code is always there only where no other code has this status. */
function ownMembers(codes: readonly ProblemCode[]): Json {
  const members = codes.flatMap((code) => Object.entries(explanations[code].members ?? {}))
  const properties = {
    status: { type: 'integer', enum: [...new Set(codes.map((code) => problemTypes[code].status))] },
    code: { type: 'string', enum: [...codes] },
    ...Object.fromEntries(members.map(([name, { schema }]) => [name, schema])),
  }
  const required = ['status', 'code', ...(codes.length === 1 ? members.map(([name]) => name) : [])]
  return { type: 'object', required, properties }
}
