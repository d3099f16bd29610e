import type { FastifyInstance } from 'fastify'

// What this API answers is data: no browser has a reason to run, frame or sniff it. A page of ours says otherwise.
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

const aYear = 365 * 24 * 60 * 60

/** Source: OWASP, HTTP Headers Cheat Sheet. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers)
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${aYear}`)
    done()
  })
}
