import assert from 'node:assert/strict'
import { Registry } from 'prom-client'
import { viewMetrics } from '../../src/analytics/view-metrics.ts'
import { ViewQueue } from '../../src/analytics/view-queue.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createRedis } from '../../src/platform/redis/client.ts'
import { createFencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { startTracing } from '../../src/platform/telemetry/tracing.ts'
import { type ApiParts, createApiApp } from '../../src/services/api-app.ts'
import { hearAnswers } from './answers-heard.ts'
import type { TestEnvironment } from './environment.ts'
import { silent } from './silent.ts'

export type TestApi = Awaited<ReturnType<typeof startTestApi>>

export const aReview = {
  entity_type: 'product',
  entity_id: 'prod-123',
  user_id: 'user-456',
  rating: 5,
  content: 'This is an amazing product! Highly recommended.',
}

/**
 * One API, as its process puts it together, on an environment of a test; `app.inject` calls it. Whatever a test makes
 * it answer is held against its OpenAPI document when it stops.
 */
export async function startTestApi(
  environment: Pick<TestEnvironment, 'DATABASE_URL' | 'REDIS_URL'>,
  parts: Partial<ApiParts> = {},
) {
  const url = environment.DATABASE_URL
  const timeouts = { lock: 1_000, statement: 5_000 }
  const reads = createPool({ url, size: 8, applicationName: 'test api reads', timeouts })
  const writes = createPool({ url, size: 3, applicationName: 'test api writes', timeouts })
  const inserts = createPool({ url, size: 1, applicationName: 'test api inserts', timeouts, plansOnce: true })
  const redis = createRedis({ url: environment.REDIS_URL, name: 'test api', commandTimeoutMs: 1_000 })
  const metrics = new Registry()
  const tracing = startTracing({ service: 'test', zipkinUrl: null, otlpEndpoint: null, tracesPerSecond: 0 })
  const cache = createFencedCache({ redis, ttlSeconds: 300, metrics })
  const make = () =>
    createApiApp({
      log: silent,
      tracer: tracing.tracer,
      metrics,
      now: () => new Date(),
      reads,
      writes,
      inserts,
      cache,
      views: new ViewQueue({
        producer: { send: async () => undefined },
        metrics: viewMetrics(metrics),
        log: silent,
      }),
      prior: { mean: 3.5, weight: 10 },
      verify: null,
      limits: null,
      allowedHosts: [],
      corsOrigins: [],
      trustedProxies: [],
      dependencies: [],
      isDraining: () => false,
      ...parts,
    })
  const { app, drain, routes, deviations } = await hearAnswers(make)

  return {
    app,
    drain,
    routes,
    cache,
    reads,
    writes,
    inserts,
    metrics,
    post: (body: object, headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url: '/api/v1/reviews', payload: body, headers }),
    put: (id: string, body: object, headers: Record<string, string> = {}) =>
      app.inject({ method: 'PUT', url: `/api/v1/reviews/${id}`, payload: body, headers }),
    remove: (id: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      app.inject({ method: 'DELETE', url: `/api/v1/reviews/${id}`, query, headers }),
    get: (id: string, headers: Record<string, string> = {}) =>
      app.inject({ method: 'GET', url: `/api/v1/reviews/${id}`, headers }),
    list: (query: Record<string, string>, headers: Record<string, string> = {}) =>
      app.inject({ method: 'GET', url: '/api/v1/reviews', query, headers }),
    history: (id: string) => app.inject({ method: 'GET', url: `/api/v1/reviews/${id}/history` }),
    stop: async () => {
      const undocumented = await deviations()
      await drain()
      redis.disconnect()
      await Promise.all([reads.end(), writes.end(), inserts.end(), tracing.stop()])
      assert.deepEqual(undocumented, [])
    },
  }
}
