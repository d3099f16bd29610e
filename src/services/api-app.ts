import type { Tracer } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { analyticsRoutes } from '../analytics/routes.ts'
import type { Prior } from '../analytics/statistics.ts'
import { identifier, type Verify } from '../platform/http/caller.ts'
import { type Dependency, probes } from '../platform/http/probes.ts'
import { createHttpServer, type HttpServer } from '../platform/http/server.ts'
import type { Pool } from '../platform/postgres/pool.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import type { Logger } from '../platform/telemetry/logger.ts'
import { reviewReadRoutes } from '../reviews/read-routes.ts'
import { ReviewWriter } from '../reviews/review-writer.ts'
import { writeMetrics } from '../reviews/write-metrics.ts'
import { reviewWriteRoutes } from '../reviews/write-routes.ts'

export interface ApiParts {
  readonly log: Logger
  readonly tracer: Tracer
  readonly metrics: Registry
  readonly now: () => Date
  /** For statements that readers wait for. */
  readonly reads: Pool
  /** For commands alone, so that no flood of reads keeps them waiting. */
  readonly writes: Pool
  readonly cache: FencedCache
  /** Of the bayesian average. */
  readonly prior: Prior
  /** Null leaves the API open. */
  readonly verify: Verify | null
  readonly allowedHosts: readonly string[]
  readonly dependencies: readonly Dependency[]
  readonly isDraining: () => boolean
}

/** The API with all its routes, not yet listening. */
export async function createApiApp(parts: ApiParts): Promise<HttpServer> {
  const { log, tracer, metrics, reads: db, writes, cache, verify } = parts
  const open = verify === null
  const identify = identifier(verify)
  const server = createHttpServer({ tracer, log, metrics, open: open ? parts : null })
  const { app } = server

  await app.register(probes, { dependencies: parts.dependencies, metrics, isDraining: parts.isDraining })

  const writer = new ReviewWriter({ db: writes, now: parts.now, ...writeMetrics(metrics) })
  await app.register(reviewWriteRoutes, { writer, db, identify, open })
  await app.register(reviewReadRoutes, { db, cache, identify })
  await app.register(analyticsRoutes, { db, cache, prior: parts.prior, now: parts.now })
  return server
}
