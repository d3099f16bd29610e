import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { identifier, type Verify } from './caller.ts'
import { clientNetwork } from './client-network.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Requests in a minute. */
export interface Limits {
  readonly perUser: number
  readonly perKey: number
  /** Of those who do not say who they are, or cannot prove it. */
  readonly perAddress: number
}

export interface AdmissionOptions {
  /** Null leaves the API open. */
  readonly verify: Verify | null
  readonly limits: (Limits & { readonly limiter: RateLimiter }) | null
}

/** Makes out who makes each request, and refuses who makes too many. Probes are let through unseen. */
export function admitRequests(app: FastifyInstance, { verify, limits }: AdmissionOptions): void {
  const identify = identifier(verify)

  app.addHook('onRequest', async function (request, reply) {
    if (request.routeOptions.url?.startsWith('/health/')) return
    // Whoever tries credentials is counted too, before they hear that they were refused.
    const refusal = await identify.call(this, request, reply).then(
      () => null,
      (error: unknown) => error,
    )
    if (limits) count(request, reply, limits)
    if (refusal !== null) throw refusal
  })
}

function count(
  request: FastifyRequest,
  reply: FastifyReply,
  limits: NonNullable<AdmissionOptions['limits']>,
) {
  const { who, limit } = payerOf(request, limits)
  const { remaining, resetSeconds, exceeded } = limits.limiter.take(who, limit)
  reply.headers({
    'ratelimit-limit': limit,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': resetSeconds,
  })
  if (!exceeded) return
  reply.header('retry-after', resetSeconds)
  throw new AppError('rate_limited', 'retryable', `more than ${limit} requests in a minute`)
}

function payerOf({ caller, ip }: FastifyRequest, limits: Limits): { who: string; limit: number } {
  switch (caller?.kind) {
    case 'user':
      return { who: `user:${caller.subject}`, limit: limits.perUser }
    case 'api-key':
      return { who: `key:${caller.subject}`, limit: limits.perKey }
    default:
      return { who: `address:${clientNetwork(ip)}`, limit: limits.perAddress }
  }
}
