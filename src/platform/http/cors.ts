import type { FastifyInstance } from 'fastify'

const exposed = [
  'Consistency-Status',
  'Consistency-Token',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Correlation-Id',
]

const allowed = [
  'Authorization',
  'Consistency-Token',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Traceparent',
  'X-Correlation-Id',
]

const preflightSeconds = 7_200

/**
 * Lets web pages of these origins, or of all with `*`, call the API; without any the headers of CORS never occur.
 * Never with cookies: credentials are Bearer tokens, which no browser adds by itself. Source: the Fetch standard.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  const known = new Set(origins)
  const all = known.has('*')

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    if (!all) reply.header('vary', 'Origin')
    if (origin === undefined || !(all || known.has(origin))) return done()
    reply.headers({
      'access-control-allow-origin': all ? '*' : origin,
      'access-control-expose-headers': exposed.join(', '),
      'cross-origin-resource-policy': 'cross-origin',
    })
    const isPreflight =
      request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (!isPreflight) return done()
    reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
        'access-control-allow-headers': allowed.join(', '),
        'access-control-max-age': preflightSeconds,
      })
      .send()
  })
}
