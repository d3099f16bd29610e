import type { Tracer } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { analyticsRoutes } from '../analytics/routes.ts'
import type { Prior } from '../analytics/statistics.ts'
import type { ViewQueue } from '../analytics/view-queue.ts'
import { viewRoutes } from '../analytics/view-routes.ts'
import { entityRoutes } from '../entities/routes.ts'
import type { AdmissionOptions } from '../platform/http/admission.ts'
import { requireOperator } from '../platform/http/caller.ts'
import { describeRoutes } from '../platform/http/openapi/describe-routes.ts'
import { documentationRoutes } from '../platform/http/openapi/documentation-routes.ts'
import { type Dependency, probes } from '../platform/http/probes.ts'
import { createHttpServer, type HttpServer } from '../platform/http/server.ts'
import type { Pool } from '../platform/postgres/pool.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import type { Logger } from '../platform/telemetry/logger.ts'
import { reviewReadRoutes } from '../reviews/read-routes.ts'
import { ReviewWriter } from '../reviews/review-writer.ts'
import { writeMetrics } from '../reviews/write-metrics.ts'
import { reviewWriteRoutes } from '../reviews/write-routes.ts'
import { userRoutes } from '../users/routes.ts'
import { UserWriter } from '../users/user-writer.ts'
import { apiInfo } from './api-info.ts'

export interface ApiParts extends AdmissionOptions {
  readonly log: Logger
  readonly tracer: Tracer
  readonly metrics: Registry
  readonly now: () => Date
  /** For statements that readers wait for. */
  readonly reads: Pool
  /** For commands alone, so that no flood of reads keeps them waiting. */
  readonly writes: Pool
  /** Plans once. */
  readonly inserts: Pool
  readonly cache: FencedCache
  readonly views: Pick<ViewQueue, 'add'>
  /** Of the bayesian average. */
  readonly prior: Prior
  /** Of an open API. */
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly dependencies: readonly Dependency[]
  readonly isDraining: () => boolean
}

/** The API with all its routes, not yet listening. */
export async function createApiApp(parts: ApiParts): Promise<HttpServer> {
  const { metrics, reads: db, writes, inserts, cache } = parts
  const open = parts.verify === null
  const server = createHttpServer({ ...parts, admission: parts, open: open ? parts : null })
  const { app } = server

  const document = describeRoutes(app, { ...apiInfo({ open }), open })
  await app.register(documentationRoutes, { title: 'TheReview', tag: 'Service', document })

  const { dependencies, isDraining } = parts
  await app.register(probes, { dependencies, metrics, isDraining, mayReadMetrics: requireOperator })

  const writer = new ReviewWriter({ db: writes, inserts, now: parts.now, ...writeMetrics(metrics) })
  await app.register(reviewWriteRoutes, { writer, db, open })
  await app.register(reviewReadRoutes, { db, cache })
  await app.register(userRoutes, { writer: new UserWriter({ db: writes, now: parts.now }), db })
  await app.register(entityRoutes, { db: writes, now: parts.now })
  await app.register(analyticsRoutes, { db, cache, prior: parts.prior, now: parts.now })
  await app.register(viewRoutes, { views: parts.views, now: parts.now })
  return server
}
