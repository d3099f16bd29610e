import { Type } from 'typebox'

const traceparentForm = '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}'
const correlationIdForm = '^[A-Za-z0-9._-]{1,128}$'
const entityTagForm = '^"[1-9][0-9]*"$'

/** Headers of requests, as the document declares them. What the server replaces or ignores has no strict form here. */
export const requestHeaders = {
  'If-Match': {
    description:
      'Does the write only if the resource still has one of these entity tags: send the `ETag` of the version that ' +
      'you decided on, and you cannot overwrite what somebody else wrote since. `*` accepts any version. Otherwise ' +
      'the answer is 412 `version_mismatch` and nothing happens. Without this header the write is applied to ' +
      'whatever version is current.',
    schema: Type.String(),
    example: '"1"',
  },
  'If-None-Match': {
    description:
      'The `ETag` of the version that you have. If it is still current the answer is 304 without a body.',
    schema: Type.String(),
    example: '"1"',
  },
  'Idempotency-Key': {
    description:
      'Names this request, so that it can be sent again without being done twice: a UUID, say, made once for each ' +
      'thing that you mean to do, and kept over retries. For 24 hours the same key with the same body gets the ' +
      'first successful answer again, with `Idempotent-Replayed: true`; with another body it is refused with 422 ' +
      '`idempotency_key_reused`. Keys of different callers never meet. 1 to 255 visible ASCII characters.',
    schema: Type.String({ pattern: '^[\\x21-\\x7e]{1,255}$' }),
    example: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  },
  'Consistency-Token': {
    description:
      'The `Consistency-Token` that came with a write: the answer then holds that write. The read waits for it up ' +
      'to 500 ms; if it is later still, the answer is an older state, marked `Consistency-Status: stale`.',
    schema: Type.String(),
    example: 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDEsMV0',
  },
  'X-Correlation-Id': {
    description:
      'An id of yours for whatever this request is part of: 1 to 128 of `A-Z a-z 0-9 . _ -`. It is in our logs and ' +
      'in the events that the request causes, and comes back in the answer. Without one, or with one of another ' +
      'form, it is the id of the trace.',
    schema: Type.String(),
  },
  traceparent: {
    description:
      'The trace that this request belongs to (W3C Trace Context). One that is not valid is replaced by a new one.',
    schema: Type.String(),
  },
} as const

export type RequestHeader = keyof typeof requestHeaders

/** Headers of answers. `required` ones are always in the answers that name them. */
export const responseHeaders = {
  ETag: {
    description: 'The version of the resource as a strong entity tag, for `If-Match` and `If-None-Match`.',
    required: true,
    schema: Type.String({ pattern: entityTagForm }),
    example: '"1"',
  },
  Location: {
    description: 'The path of what was created.',
    required: true,
    schema: Type.String({ format: 'uri-reference' }),
    example: '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c',
  },
  'Cache-Control': {
    description:
      'Whether the answer may be kept: with `no-cache` only if you ask with `If-None-Match` before you use it again, ' +
      'with `no-store` not at all. Where it is absent, keep nothing.',
    required: false,
    schema: Type.String(),
    example: 'no-cache',
  },
  'Consistency-Token': {
    description:
      'Names this write. Send it with a list or statistics read to be sure that the write is in the answer. Opaque: ' +
      'its form may change.',
    required: true,
    schema: Type.String({ minLength: 1 }),
    example: 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDEsMV0',
  },
  'Consistency-Status': {
    description:
      'There only when the write that the `Consistency-Token` names is not in this answer yet: ask again.',
    required: false,
    schema: Type.Unsafe<'stale'>({ type: 'string', enum: ['stale'] }),
    example: 'stale',
  },
  'Idempotent-Replayed': {
    description: 'There only when this is the answer of an earlier request with the same `Idempotency-Key`.',
    required: false,
    schema: Type.Unsafe<'true'>({ type: 'string', enum: ['true'] }),
    example: 'true',
  },
  'Retry-After': {
    description: 'After how many seconds to try again.',
    required: true,
    schema: Type.Integer({ minimum: 1 }),
    example: 1,
  },
  'WWW-Authenticate': {
    description:
      'The scheme that the request has to use, with `error="invalid_token"` where the token it had is refused (RFC 6750).',
    required: true,
    schema: Type.String({ pattern: '^Bearer' }),
    example: 'Bearer',
  },
  Allow: {
    description: 'The methods that this path takes.',
    required: true,
    schema: Type.String(),
    example: 'GET, HEAD, POST',
  },
  'RateLimit-Limit': {
    description: 'How many requests you may make in a minute. There only where the server limits them.',
    required: false,
    schema: Type.Integer({ minimum: 1 }),
    example: 600,
  },
  'RateLimit-Remaining': {
    description: 'How many of them are left.',
    required: false,
    schema: Type.Integer({ minimum: 0 }),
    example: 599,
  },
  'RateLimit-Reset': {
    description: 'In how many seconds the count begins anew.',
    required: false,
    schema: Type.Integer({ minimum: 0 }),
    example: 42,
  },
  traceparent: {
    description: 'The trace of this request (W3C Trace Context): the one that you sent, or a new one.',
    required: true,
    schema: Type.String({ pattern: traceparentForm }),
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01',
  },
  'X-Correlation-Id': {
    description: 'The correlation id of this request: the one that you sent, or the id of its trace.',
    required: true,
    schema: Type.String({ pattern: correlationIdForm }),
    example: 'checkout-7f3a',
  },
} as const

export type ResponseHeader = keyof typeof responseHeaders

export const headersOfEveryRequest: readonly RequestHeader[] = ['X-Correlation-Id', 'traceparent']
export const headersOfEveryAnswer: readonly ResponseHeader[] = [
  'X-Correlation-Id',
  'traceparent',
  'Cache-Control',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
]
