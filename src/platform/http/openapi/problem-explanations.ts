import type { ProblemCode } from '../problem.ts'
import type { ResponseHeader } from './headers.ts'
import type { Json } from './schemas.ts'

export interface Explanation {
  /** When it comes, and what a client does about it. */
  readonly text: string
  /** A `detail` such as it comes. */
  readonly detail: string
  readonly headers?: readonly ResponseHeader[]
  /** Members beyond those of every problem. */
  readonly members?: Readonly<Record<string, { readonly schema: Json; readonly example: string }>>
}

/** What the document says of each code. */
export const explanations: Readonly<Record<ProblemCode, Explanation>> = {
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
        example: '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
      },
    },
  },
  idempotency_in_progress: {
    text:
      'A request with this `Idempotency-Key` has been under way for about a second, which is rare: mostly you get its ' +
      'answer. Send yours again after `Retry-After` seconds, with the same key.',
    detail:
      'a request with this Idempotency-Key is under way: send yours again in a moment, with the same key',
    headers: ['Retry-After'],
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
  body_too_large: {
    text:
      'The body has more than 64 KiB. Text fits into it as UTF-8; written as escapes (`\\u…`) it may need three times ' +
      'the room.',
    detail: 'the body may have 64 KiB',
  },
  unsupported_media_type: {
    text: 'The body is not `application/json` in UTF-8, or is compressed.',
    detail: 'the body has to be application/json in UTF-8, not encoded',
  },
  validation_failed: {
    text: 'Something in the request is not valid; `errors` says what and where, all of it at once.',
    detail: 'body /rating must be <= 5',
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
