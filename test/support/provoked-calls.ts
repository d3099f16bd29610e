import type { InjectOptions } from 'fastify'
import type { Exchange } from '../../src/platform/http/openapi/operation.ts'
import type { ProblemCode } from '../../src/platform/http/problem.ts'

/** A request to a route. */
export interface Call {
  readonly method: string
  /** With `:name` where a parameter belongs. */
  readonly url: string
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The call that an example shows. */
export function callOf(route: Pick<Call, 'method' | 'url'>, shown: Exchange | undefined): Call {
  const { path = {}, query = {}, headers = {}, body } = shown ?? {}
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)])
  return { ...route, path, query: Object.fromEntries(texts), headers, body }
}

export function injected({ method, url, path, query, headers, body }: Call): InjectOptions {
  return {
    method: method as 'GET',
    url: pathOf({ url, path }),
    query: { ...query },
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

export function pathOf({ url, path }: Pick<Call, 'url' | 'path'>): string {
  return url.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = path[name] ?? ''
    return value === notUtf8 ? value : encodeURIComponent(value)
  })
}

const notUtf8 = '%ZZ'
const absent = '019a0c5e-7b1f-7c3a-9d55-000000000000'

type Change = (call: Call) => Partial<Call>
const inPath =
  (value: string): Change =>
  ({ path }) => ({
    path: Object.fromEntries(Object.keys(path).map((name) => [name, value])),
  })
const withHeader =
  (name: string, value: string): Change =>
  ({ headers }) => ({
    headers: { ...headers, [name]: value },
  })
const withField =
  (name: string, value: unknown): Change =>
  ({ body }) => ({
    body: { ...(typeof body === 'object' ? body : {}), [name]: value },
  })

/** How a call that works is changed to be answered with a code. */
export const provocations: Partial<Record<ProblemCode, Change>> = {
  malformed_url: inPath(notUtf8),
  not_found: inPath(''),
  malformed_json: () => ({ body: '{' }),
  invalid_cursor: () => ({ query: { cursor: 'x' } }),
  invalid_consistency_token: withHeader('Consistency-Token', 'x'),
  unauthenticated: withHeader('authorization', 'Bearer x'),
  review_not_found: inPath(absent),
  review_already_exists: ({ headers: { 'Idempotency-Key': _, ...headers } }) => ({ headers }),
  version_mismatch: withHeader('If-Match', '"99"'),
  body_too_large: () => ({ body: `"${'x'.repeat(64 * 1024)}"` }),
  unsupported_media_type: withHeader('content-type', 'text/plain'),
  validation_failed: (call) => {
    if (call.body !== undefined) return withField('colour', 'red')(call)
    return Object.keys(call.path).length > 0 ? inPath('x'.repeat(201))(call) : { query: { colour: 'red' } }
  },
  idempotency_key_reused: withField('content', 'Something else.'),
}
