import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem, shown } from './problem.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

export interface OpenApiGuard {
  /** Names beyond loopback's that the API answers to, without port. */
  readonly allowedHosts: readonly string[]
  /** Origins whose pages may call, beyond the API's own. */
  readonly corsOrigins?: readonly string[]
}

/**
 * Keeps an open API to those who mean to call it: without this any web page that its user visits could, by a name
 * that resolves to loopback (DNS rebinding) or by a form.
 */
export function guardOpenApi(app: FastifyInstance, { allowedHosts, corsOrigins = [] }: OpenApiGuard): void {
  const known = new Set([...loopbackNames, ...allowedHosts.map((host) => host.toLowerCase())])

  app.addHook('onRequest', (request, _reply, done) => {
    const host = request.headers.host ?? ''
    if (!known.has(nameOf(host))) {
      const detail = `the host ${shown(host)} is not one of this API: use localhost, or have its operator allow the name`
      return done(new Problem('forbidden', detail))
    }
    if (isForeign(request, host) && !corsOrigins.includes(request.headers.origin ?? '')) {
      const origin = shown(request.headers.origin ?? '')
      const detail = `pages of the origin ${origin} may not call this API unless its operator allows them`
      return done(new Problem('forbidden', detail))
    }
    done()
  })
}

function isForeign(request: FastifyRequest, host: string): boolean {
  const { origin } = request.headers
  return origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`
}

function nameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase()
}
